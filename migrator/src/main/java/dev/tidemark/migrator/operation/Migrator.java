package dev.tidemark.migrator.operation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.SqlFailures;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.api.migration.Context;

/**
 * Brings the schema of a database forward and back by change sets.
 *
 * <p>Operations that change anything hold one lock on the database, so that two migrators never
 * interleave. What a user can cause is thrown as {@link
 * dev.tidemark.migrator.failure.MigratorException}.
 */
public final class Migrator {
  private static final String BUILT_IN = "db/operational";
  private static final Set<State> DONE = Set.of(State.APPLIED, State.EDITED, State.UNKNOWN);

  private final Database database;
  private final MigratorSettings settings;
  private final List<ChangeSet> changeSets;
  private final Optional<Classification> classification;
  private final OperationObserver observer;
  private final FlywayHistory history;

  private Migrator(
      Database database,
      MigratorSettings settings,
      List<ChangeSet> changeSets,
      Optional<Classification> classification,
      OperationObserver observer) {
    this.database = database;
    this.settings = settings;
    this.changeSets = changeSets;
    this.classification = classification;
    this.observer = observer;
    this.history = new FlywayHistory(database, changeSets);
  }

  /** A migrator as the configuration has it. */
  public static Migrator open(Database database, Config config) {
    return new Migrator(
        database,
        MigratorSettings.of(config),
        changeSets(config),
        Classification.of(config),
        OperationObserver.NONE);
  }

  /** The change sets that the configuration names, in the order of their versions. */
  public static List<ChangeSet> changeSets(Config config) {
    return Settings.optionalText(config, "migrate.change-sets")
        .map(folder -> ChangeSets.read(Path.of(folder)))
        .orElseGet(() -> ChangeSets.readResources(Migrator.class.getClassLoader(), BUILT_IN));
  }

  /**
   * A migrator with change sets of one's own, whose columns are not classified.
   *
   * @param changeSets in the order of their versions
   */
  public static Migrator open(
      Database database, MigratorSettings settings, List<ChangeSet> changeSets) {
    return new Migrator(database, settings, changeSets, Optional.empty(), OperationObserver.NONE);
  }

  /** The same migrator, which tells what it is doing. */
  public Migrator observedBy(OperationObserver newObserver) {
    return new Migrator(database, settings, changeSets, classification, newObserver);
  }

  /**
   * Applies pending change sets in order. Each is verified by its own verify.sql; a transactional
   * one that fails leaves nothing behind, and those before it stay. In the end, comments of columns
   * get their classification's tag.
   *
   * @return what was applied; no steps if nothing was pending
   */
  public OperationResult apply(ApplyOptions options) {
    Optional<String> to = options.to().map(Migrator::version);
    to.ifPresent(this::requireKnown);
    try (OperationLock lock = OperationLock.take(database)) {
      refuseUnfit(history.entries());
      List<Step> steps =
          history.migrate(to, (changeSet, context) -> apply(changeSet, context, lock)).stream()
              .map(done -> step(changeSet(done.version), ChangeSet::apply, done.executionTime))
              .toList();
      tagComments(lock);
      return new OperationResult(steps, current(history.entries()));
    }
  }

  /**
   * Rolls applied change sets back, the youngest first, each in a transaction of its own unless the
   * change set runs without one. A change set that stopped part-way counts as applied.
   *
   * @return what was rolled back
   */
  public OperationResult rollback(RollbackOptions options) {
    try (OperationLock lock = OperationLock.take(database)) {
      List<Entry> entries = history.entries();
      List<Step> steps = new ArrayList<>();
      for (Entry entry : chosen(entries, options)) {
        steps.add(rollback(entry, lock));
      }
      tagComments(lock);
      return new OperationResult(List.copyOf(steps), current(history.entries()));
    }
  }

  /** Where the schema stands. Changes nothing and waits for nobody. */
  public StatusResult status() {
    try (Connection connection = database.connect()) {
      Optional<String> operator = OperationLock.holder(connection);
      List<Entry> entries = history.entries();
      return new StatusResult(entries, current(entries), operator);
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  private void apply(ChangeSet changeSet, Context context, OperationLock lock) throws SQLException {
    try (StatementRunner runner = runner(context.getConnection(), lock)) {
      runner.run(changeSet.apply());
      runner.verify(changeSet.verify());
    }
  }

  /**
   * Change sets comment on columns; how sensitive these are is decided elsewhere, and may change.
   */
  private void tagComments(OperationLock lock) {
    Optional<Script> script =
        classification.flatMap(known -> CommentTags.missing(CatalogueReader.read(database), known));
    if (script.isPresent()) {
      try (Connection connection = database.connect()) {
        connection.setAutoCommit(false);
        try (StatementRunner runner = runner(connection, lock)) {
          runner.run(script.get());
        }
        connection.commit();
      } catch (SQLException e) {
        throw SqlFailures.ofOurs(database, e);
      }
    }
  }

  private Step rollback(Entry entry, OperationLock lock) {
    if (entry.state() == State.UNKNOWN) {
      throw MigratorFailures.schemaNewer(database.address(), entry.version());
    }
    ChangeSet changeSet = changeSet(entry.version());
    if (entry.state() == State.EDITED) {
      throw MigratorFailures.changeSetEdited(changeSet.name());
    }
    long startedAt = System.nanoTime();
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(!changeSet.transactional());
      try (StatementRunner runner = runner(connection, lock)) {
        runner.run(changeSet.rollback());
      }
      history.forget(connection, entry.version());
      if (changeSet.transactional()) {
        connection.commit();
      }
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
    return step(changeSet, ChangeSet::rollback, (System.nanoTime() - startedAt) / 1_000_000);
  }

  private StatementRunner runner(Connection connection, OperationLock lock) throws SQLException {
    return new StatementRunner(database, connection, settings, lock, observer);
  }

  private void refuseUnfit(List<Entry> entries) {
    first(entries, State.FAILED)
        .ifPresent(
            entry -> {
              throw MigratorFailures.failedBefore(name(entry));
            });
    String unknown =
        entries.stream()
            .filter(entry -> entry.state() == State.UNKNOWN)
            .map(Migrator::name)
            .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      throw MigratorFailures.schemaNewer(database.address(), unknown);
    }
    first(entries, State.EDITED)
        .ifPresent(
            entry -> {
              throw MigratorFailures.changeSetEdited(name(entry));
            });
    first(entries, State.LATE)
        .ifPresent(
            entry -> {
              throw MigratorFailures.outOfOrder(name(entry), current(entries).orElseThrow());
            });
  }

  /** The entries to roll back, the youngest first. */
  private List<Entry> chosen(List<Entry> entries, RollbackOptions options) {
    List<Entry> applied = new ArrayList<>();
    for (Entry entry : entries) {
      if (DONE.contains(entry.state()) || entry.state() == State.FAILED) {
        applied.add(0, entry);
      }
    }
    if (options instanceof RollbackOptions.Last last) {
      return applied.subList(0, Math.min(last.count(), applied.size()));
    }
    String to = version(((RollbackOptions.To) options).version());
    if (!to.equals(RollbackOptions.NOTHING)
        && applied.stream().noneMatch(entry -> entry.version().equals(to))) {
      throw MigratorFailures.unknownVersion(
          to, "no change set of that version is applied to " + database.address());
    }
    return applied.stream().filter(entry -> entry.version().compareTo(to) > 0).toList();
  }

  private void requireKnown(String version) {
    if (changeSets.stream().noneMatch(changeSet -> changeSet.version().equals(version))) {
      throw MigratorFailures.unknownVersion(version, "the program knows no such version");
    }
  }

  private ChangeSet changeSet(String version) {
    return changeSets.stream()
        .filter(changeSet -> changeSet.version().equals(version))
        .findFirst()
        .orElseThrow();
  }

  private static Step step(
      ChangeSet changeSet, Function<ChangeSet, Script> script, long milliseconds) {
    int statements = script.apply(changeSet).statements().size();
    return new Step(changeSet.version(), changeSet.description(), statements, milliseconds);
  }

  private static Optional<String> current(List<Entry> entries) {
    return entries.stream()
        .filter(entry -> DONE.contains(entry.state()))
        .map(Entry::version)
        .reduce((earlier, later) -> later);
  }

  private static Optional<Entry> first(List<Entry> entries, State state) {
    return entries.stream().filter(entry -> entry.state() == state).findFirst();
  }

  /** A version may be given as the whole name of its folder. */
  private static String version(String given) {
    return given.replaceFirst("_.*", "");
  }

  private static String name(Entry entry) {
    return entry.version() + "_" + entry.description();
  }
}
