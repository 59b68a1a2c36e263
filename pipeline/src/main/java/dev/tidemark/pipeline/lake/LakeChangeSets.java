package dev.tidemark.pipeline.lake;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.LakeSchema.Entry;
import dev.tidemark.pipeline.lake.LakeSchema.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;

/**
 * The change sets of a lake: {@code db/analytics}, applied in order and rolled back in reverse.
 *
 * <p>A change set is not one transaction: each of its statements is a commit of its own. What an
 * interruption left undone, the next call does; what was done is not done again. Two programs may
 * apply at once.
 */
public final class LakeChangeSets {
  /** How long a program of another machine counts as at work, since nobody can ask it. */
  private static final Duration AT_WORK = Duration.ofMinutes(10);

  private final Lake lake;
  private final List<ChangeSet> changeSets;
  private final ChangeSetHistory history;

  /** The program's change sets, for a lake, in the name of the operating system's user. */
  public LakeChangeSets(Lake lake) {
    this(lake, System.getProperty("user.name"));
  }

  /**
   * The program's change sets, for a lake.
   *
   * @param actor who is behind what is done, as the history tells
   */
  public LakeChangeSets(Lake lake, String actor) {
    this(
        lake,
        actor,
        ChangeSets.readResources(LakeChangeSets.class.getClassLoader(), "db/analytics"));
  }

  LakeChangeSets(Lake lake, String actor, List<ChangeSet> changeSets) {
    this.lake = Objects.requireNonNull(lake);
    this.changeSets = List.copyOf(changeSets);
    this.history = new ChangeSetHistory(lake, actor);
  }

  /** How far back to go. */
  public sealed interface Extent {
    /**
     * Back to a version, which stays.
     *
     * @param version of an applied change set; 0 to roll everything back
     */
    record To(long version) implements Extent {}

    /**
     * The youngest change sets.
     *
     * @param count how many, 1 or more; if fewer are applied, all of them
     */
    record Last(int count) implements Extent {}
  }

  /**
   * What was done.
   *
   * @param name of the change set
   */
  public record Step(String name, Duration duration) {}

  /**
   * What would be done.
   *
   * @param name of the change set
   * @param statements that would be executed
   * @param changes what they do, as seen on empty copies of the tables
   * @param losses tables and columns with values that would be gone, in words
   */
  public record Plan(
      String name, List<String> statements, List<LakeDifference> changes, List<String> losses) {}

  /**
   * A statement of a verify.sql.
   *
   * @param changeSet name of the change set
   * @param line on which it begins
   * @param found empty if it gave one row with one true boolean; else what it gave, in words
   */
  public record Check(String changeSet, int line, Optional<String> found) {}

  /**
   * Whether a lake is as its change sets make it.
   *
   * @param checks all statements of verify.sql
   * @param differences where tables were altered by hand
   */
  public record Verification(List<Check> checks, List<LakeDifference> differences) {
    /** How many things are not as they should be. */
    public long mismatches() {
      return checks.stream().filter(check -> check.found().isPresent()).count()
          + differences.size();
    }
  }

  /**
   * Brings the lake up to this program for a run that is to read and write it.
   *
   * @return the names of the change sets that were applied
   * @throws dev.tidemark.pipeline.failure.PipelineException if the folder holds something else, the
   *     lake is of a newer program, or somebody has rolled back what this program needs
   */
  public List<String> upgrade() {
    LakeSchema schema = schema();
    refuseRolledBack(schema);
    return names(apply(schema, Long.MAX_VALUE));
  }

  /**
   * Applies what the lake lacks, and what was rolled back; the lake's folder is made if it is not
   * there.
   *
   * @return the names of the change sets that were applied
   * @throws dev.tidemark.pipeline.failure.PipelineException if the folder holds something else, or
   *     a lake of a newer program
   */
  public List<String> apply() {
    return names(apply(Optional.empty()));
  }

  /**
   * The same, but no further than a version.
   *
   * @param to the last one to apply; empty for all
   */
  public List<Step> apply(Optional<Long> to) {
    return apply(schema(), limit(to));
  }

  /** What {@link #apply(Optional)} would do, tried out on empty copies; changes nothing. */
  public List<Plan> planApply(Optional<Long> to) {
    LakeSchema schema = schema();
    List<ChangeSet> pending = pending(schema, limit(to));
    return rehearse(schema, pending, LakeOperation.Kind.APPLY);
  }

  /** What {@link #rollback} would do, tried out on empty copies; changes nothing. */
  public List<Plan> planRollback(Extent extent) {
    LakeSchema schema = schema();
    return rehearse(schema, applied(schema, extent), LakeOperation.Kind.ROLLBACK);
  }

  /**
   * Rolls applied change sets back, the youngest first.
   *
   * @param lossReason why rows may be lost, in the words of who does it; empty if they may not
   * @return what was rolled back
   * @throws dev.tidemark.pipeline.failure.PipelineException if rows would be lost and may not
   */
  public List<Step> rollback(Extent extent, Optional<String> lossReason) {
    LakeSchema schema = schema();
    List<ChangeSet> targets = applied(schema, extent);
    if (targets.isEmpty()) {
      return List.of();
    }
    refuseBusy(schema, LakeOperation.Kind.ROLLBACK);
    List<String> losses =
        rehearse(schema, targets, LakeOperation.Kind.ROLLBACK).stream()
            .flatMap(plan -> plan.losses().stream())
            .toList();
    if (!losses.isEmpty() && lossReason.isEmpty()) {
      throw PipelineFailures.rowsWouldBeLost(lake.path(), losses);
    }
    history.prepare();
    List<Step> steps = new ArrayList<>();
    for (ChangeSet target : targets) {
      steps.add(
          perform(
              target,
              LakeOperation.Kind.ROLLBACK,
              losses.isEmpty() ? Optional.empty() : lossReason));
    }
    return steps;
  }

  /** Executes every verify.sql, and compares the tables with what the change sets make. */
  public Verification verify() {
    LakeSchema schema = schema();
    List<ChangeSet> applied = sets(schema, State.APPLIED);
    List<Check> checks = new ArrayList<>();
    for (ChangeSet changeSet : applied) {
      for (Statement statement : changeSet.verify().statements()) {
        String sql = statement.filled(changeSet.verify().file(), Map.of("lake", lake.path()));
        checks.add(new Check(changeSet.name(), statement.line(), verdict(sql)));
      }
    }
    Set<String> tables = tables(applied);
    try (ThrowAwayLake made = new ThrowAwayLake(lake.spark())) {
      ChangeSetRunner runner = new ChangeSetRunner(made.lake(), made.lake());
      applied.forEach(changeSet -> runner.run(changeSet, changeSet.apply(), "verify"));
      return new Verification(
          checks, TableShape.differences(shapes(made.lake(), tables), shapes(lake, tables)));
    }
  }

  private Optional<String> verdict(String sql) {
    try {
      List<Row> rows = lake.spark().sql(sql).takeAsList(2);
      if (rows.size() != 1 || rows.get(0).size() != 1) {
        return Optional.of("it gave " + (rows.isEmpty() ? "no row" : "more than one value"));
      }
      Object value = rows.get(0).get(0);
      return Boolean.TRUE.equals(value) ? Optional.empty() : Optional.of("it gave " + value);
    } catch (Exception e) { // Scala throws what it does not declare.
      if (e instanceof AnalysisException) {
        return Optional.of(
            "it failed: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
      throw e;
    }
  }

  /** Where the change sets stand; says nothing against what it finds. */
  public LakeSchema status() {
    refuseForeignFolder();
    return LakeSchema.of(changeSets, history.read());
  }

  /**
   * Makes sure that there is a lake which this program can read; changes nothing.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if there is none, one of a newer
   *     program, or one that somebody has rolled back
   */
  public void requireLake() {
    if (!history.exists()) {
      refuseForeignFolder();
      throw PipelineFailures.noLake(lake.path());
    }
    LakeSchema schema = schema();
    refuseRolledBack(schema);
    if (schema.first(State.APPLIED).isEmpty()) {
      throw PipelineFailures.noLake(lake.path());
    }
  }

  private LakeSchema schema() {
    LakeSchema schema = status();
    schema
        .first(State.UNKNOWN)
        .ifPresent(
            entry -> {
              long newest =
                  changeSets.isEmpty() ? 0 : number(changeSets.get(changeSets.size() - 1));
              throw PipelineFailures.lakeIsNewer(lake.path(), entry.version(), newest);
            });
    schema
        .first(State.EDITED)
        .ifPresent(
            entry -> {
              throw PipelineFailures.lakeChangeSetEdited(entry.name());
            });
    return schema;
  }

  private void refuseRolledBack(LakeSchema schema) {
    schema
        .first(State.ROLLED_BACK, State.ROLLING_BACK)
        .filter(entry -> known(entry.version()).isPresent())
        .ifPresent(
            entry -> {
              throw PipelineFailures.lakeRolledBack(lake.path(), entry.name());
            });
  }

  private List<Step> apply(LakeSchema schema, long limit) {
    List<ChangeSet> pending = pending(schema, limit);
    if (pending.isEmpty()) {
      return List.of();
    }
    refuseBusy(schema, LakeOperation.Kind.APPLY);
    history.prepare();
    List<Step> steps = new ArrayList<>();
    for (ChangeSet changeSet : pending) {
      steps.add(perform(changeSet, LakeOperation.Kind.APPLY, Optional.empty()));
    }
    return steps;
  }

  private List<ChangeSet> pending(LakeSchema schema, long limit) {
    schema
        .first(State.LATE)
        .ifPresent(
            entry -> {
              throw PipelineFailures.lakeChangeSetLate(entry.name());
            });
    schema
        .first(State.ROLLING_BACK)
        .ifPresent(
            entry -> {
              throw PipelineFailures.lakeRollbackUnfinished(entry.name());
            });
    return sets(schema, State.PENDING, State.APPLYING, State.ROLLED_BACK).stream()
        .filter(set -> number(set) <= limit)
        .toList();
  }

  /** What is to be rolled back, the youngest first. */
  private List<ChangeSet> applied(LakeSchema schema, Extent extent) {
    List<ChangeSet> applied =
        new ArrayList<>(sets(schema, State.APPLIED, State.APPLYING, State.ROLLING_BACK));
    Collections.reverse(applied);
    if (extent instanceof Extent.Last last) {
      return applied.subList(0, Math.min(last.count(), applied.size()));
    }
    long to = ((Extent.To) extent).version();
    if (to != 0 && applied.stream().noneMatch(set -> number(set) == to)) {
      throw PipelineFailures.noAppliedLakeChangeSet(lake.path(), to);
    }
    return applied.stream().filter(set -> number(set) > to).toList();
  }

  /** Of two programs that work at one change set, both end when all of it is done. */
  private Step perform(ChangeSet changeSet, LakeOperation.Kind kind, Optional<String> reason) {
    long version = number(changeSet);
    State done = kind == LakeOperation.Kind.APPLY ? State.APPLIED : State.ROLLED_BACK;
    Instant start = Instant.now();
    Optional<LakeOperation> begun =
        history.begin(
            history.here(
                kind, version, changeSet.description(), changeSet.checksum(), reason.orElse(null)),
            operations -> LakeSchema.of(changeSets, operations).isIn(version, done));
    begun.ifPresent(
        operation -> {
          try {
            LakeSchema.of(changeSets, history.read())
                .unfinished(version, kind)
                .ifPresent(
                    first ->
                        new ChangeSetRunner(lake, lake)
                            .run(changeSet, script(changeSet, kind), attempt(changeSet, first)));
          } catch (RuntimeException e) {
            try {
              history.end(operation, Optional.of(e));
            } catch (RuntimeException unwritten) {
              e.addSuppressed(unwritten);
            }
            throw e;
          }
          history.end(operation, Optional.empty());
        });
    return new Step(changeSet.name(), Duration.between(start, Instant.now()));
  }

  /** The same for all who work at a change set until it is done. */
  private static String attempt(ChangeSet changeSet, LakeOperation first) {
    return "change set %s %s %d"
        .formatted(changeSet.version(), first.kind().word(), first.sequence());
  }

  private static Script script(ChangeSet changeSet, LakeOperation.Kind kind) {
    return kind == LakeOperation.Kind.APPLY ? changeSet.apply() : changeSet.rollback();
  }

  /** Goes through change sets on empty copies of the tables as they are now. */
  private List<Plan> rehearse(LakeSchema schema, List<ChangeSet> sets, LakeOperation.Kind kind) {
    Set<String> tables = tables(changeSets);
    List<Plan> plans = new ArrayList<>();
    try (ThrowAwayLake copy = ThrowAwayLake.like(lake, tables)) {
      ChangeSetRunner runner = new ChangeSetRunner(copy.lake(), lake);
      SortedMap<String, TableShape> before = shapes(copy.lake(), tables);
      for (ChangeSet set : sets) {
        String attempt =
            schema
                .unfinished(number(set), kind)
                .map(first -> attempt(set, first))
                .orElse("rehearsal");
        runner.run(set, script(set, kind), attempt);
        SortedMap<String, TableShape> after = shapes(copy.lake(), tables);
        List<LakeDifference> changes = TableShape.differences(before, after);
        plans.add(
            new Plan(
                set.name(),
                script(set, kind).statements().stream()
                    .map(
                        statement ->
                            statement.filled("", Map.of("lake", lake.path(), "identity-key", "…")))
                    .toList(),
                changes,
                losses(changes)));
        before = after;
      }
    }
    return plans;
  }

  /** Tables with rows and columns with values that are gone. */
  private List<String> losses(List<LakeDifference> changes) {
    List<String> losses = new ArrayList<>();
    for (LakeDifference change : changes) {
      LakeTable table = lake.table(change.table());
      if (!table.exists()) {
        continue;
      }
      if (change.isLostTable()) {
        long rows = table.read().count();
        if (rows > 0) {
          losses.add("%,d rows of %s".formatted(rows, change.table()));
        }
      }
      change
          .lostColumn()
          .filter(column -> !table.read().where(col(column).isNotNull()).isEmpty())
          .ifPresent(column -> losses.add("values of " + change.table() + "." + column));
    }
    return losses;
  }

  private static SortedMap<String, TableShape> shapes(Lake of, Set<String> tables) {
    SortedMap<String, TableShape> shapes = new TreeMap<>();
    for (String name : tables) {
      if (of.table(name).exists()) {
        TableShape shape = of.table(name).shape();
        // Each lake has a key of its own; retention and erasure leave their marks.
        shape.properties().computeIfPresent("tidemark.identity-key", (key, value) -> "(a key)");
        shape.properties().remove(LakeTable.HORIZON);
        shape.properties().remove(LakeTable.HORIZON_CONSTRAINT);
        shape.properties().remove(LakeTable.INTERRUPTED);
        shapes.put(name, shape);
      }
    }
    return shapes;
  }

  private void refuseBusy(LakeSchema schema, LakeOperation.Kind kind) {
    for (Entry entry : schema.all(State.APPLYING, State.ROLLING_BACK)) {
      LakeOperation last = entry.last().orElseThrow();
      boolean together =
          kind == LakeOperation.Kind.APPLY && last.kind() == LakeOperation.Kind.APPLY;
      if (!together && last.outcome() == LakeOperation.Outcome.BEGUN && isAtWork(last)) {
        throw PipelineFailures.lakeBusy(
            entry.name(), last.actor(), last.host(), last.process(), AT_WORK);
      }
    }
  }

  private static boolean isAtWork(LakeOperation last) {
    if (!last.host().equals(ChangeSetHistory.hostName())) {
      return last.at().plus(AT_WORK).isAfter(Instant.now());
    }
    return last.process() != ProcessHandle.current().pid()
        && ProcessHandle.of(last.process()).isPresent();
  }

  private List<ChangeSet> sets(LakeSchema schema, State... states) {
    return schema.all(states).stream().flatMap(entry -> known(entry.version()).stream()).toList();
  }

  private Optional<ChangeSet> known(long version) {
    return changeSets.stream().filter(set -> number(set) == version).findFirst();
  }

  private static Set<String> tables(List<ChangeSet> sets) {
    return sets.stream()
        .flatMap(set -> set.touchedTables().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static List<String> names(List<Step> steps) {
    return steps.stream().map(Step::name).toList();
  }

  private long limit(Optional<Long> to) {
    to.filter(version -> known(version).isEmpty())
        .ifPresent(
            version -> {
              throw PipelineFailures.unknownLakeChangeSet(version);
            });
    return to.orElse(Long.MAX_VALUE);
  }

  private void refuseForeignFolder() {
    if (history.exists()) {
      return;
    }
    try {
      Path folder = new Path(lake.path());
      FileSystem storage =
          folder.getFileSystem(
              ((org.apache.spark.sql.classic.SparkSession) lake.spark())
                  .sessionState()
                  .newHadoopConf());
      if (!storage.exists(folder)) {
        return;
      }
      if (!storage.getFileStatus(folder).isDirectory()) {
        throw PipelineFailures.notOurLake(lake.path(), "it is a file");
      }
      // A first run that was killed leaves tables of ours without a history.
      List<String> strange =
          Arrays.stream(storage.listStatus(folder))
              .map(FileStatus::getPath)
              .map(Path::getName)
              .filter(name -> !isOurs(name))
              .sorted()
              .toList();
      if (!strange.isEmpty()) {
        throw PipelineFailures.notOurLake(
            lake.path(), "it holds " + strange.get(0) + " and no history of lake change sets");
      }
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(lake.path(), e);
    }
  }

  private boolean isOurs(String name) {
    return name.equals("change_sets")
        || changeSets.stream().anyMatch(set -> set.touchedTables().contains(name));
  }

  private static long number(ChangeSet changeSet) {
    return Long.parseLong(changeSet.version());
  }
}
