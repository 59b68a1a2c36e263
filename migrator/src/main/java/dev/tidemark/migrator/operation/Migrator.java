package dev.tidemark.migrator.operation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.approval.ApprovalState;
import dev.tidemark.migrator.audit.AuditTrail;
import dev.tidemark.migrator.audit.AuditVerdict;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.datastep.ProgressTable;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.guard.Observation;
import dev.tidemark.migrator.lint.LintGate;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.Finding;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.state.Actor;
import dev.tidemark.migrator.state.MigratorState;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.Resolution;
import dev.tidemark.migrator.state.Run;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.ScriptKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.api.output.MigrateOutput;

/**
 * Brings the schema of a database forward and back by change sets.
 *
 * <p>Operations that change anything hold one lock on the database, so that two migrators never
 * interleave. What a user can cause is thrown as {@link
 * dev.tidemark.migrator.failure.MigratorException}.
 */
public final class Migrator {
  private static final String BUILT_IN = "db/operational";

  private final Database database;
  private final MigratorSettings settings;
  private final Map<String, ChangeSet> changeSets;
  private final Optional<Classification> classification;
  private final Gates gates;
  private final OperationObserver observer;
  private final FlywayHistory history;
  private final Inspector inspector;

  private Migrator(
      Database database,
      MigratorSettings settings,
      Map<String, ChangeSet> changeSets,
      Optional<Classification> classification,
      Gates gates,
      OperationObserver observer) {
    this.database = database;
    this.settings = settings;
    this.changeSets = changeSets;
    this.classification = classification;
    this.gates = gates;
    this.observer = observer;
    this.history =
        new FlywayHistory(database, List.copyOf(changeSets.values()), settings.outOfOrder());
    this.inspector = new Inspector(history, changeSets, settings.placeholders());
  }

  /** A migrator as the configuration has it. */
  public static Migrator open(Database database, Config config) {
    MigratorSettings settings = MigratorSettings.of(config);
    boolean builtIn = Settings.optionalText(config, "migrate.change-sets").isEmpty();
    LintGate lint = builtIn ? LintGate.OPEN : LintGate.of(config, settings.placeholders());
    return new Migrator(
        database,
        settings,
        byVersion(changeSets(config)),
        Classification.of(config),
        Gates.of(config, lint, settings.placeholders()),
        OperationObserver.NONE);
  }

  /** The change sets that the configuration names, in the order of their versions. */
  public static List<ChangeSet> changeSets(Config config) {
    return Settings.optionalText(config, "migrate.change-sets")
        .map(folder -> ChangeSets.read(Path.of(folder)))
        .orElseGet(() -> ChangeSets.readResources(Migrator.class.getClassLoader(), BUILT_IN));
  }

  /**
   * A migrator with change sets of one's own, whose columns are not classified, and which neither
   * lint nor guards look at.
   *
   * @param changeSets in the order of their versions
   */
  public static Migrator open(
      Database database, MigratorSettings settings, List<ChangeSet> changeSets) {
    return new Migrator(
        database,
        settings,
        byVersion(changeSets),
        Optional.empty(),
        Gates.OPEN,
        OperationObserver.NONE);
  }

  /** The same migrator, which tells what it is doing. */
  public Migrator observedBy(OperationObserver newObserver) {
    return new Migrator(database, settings, changeSets, classification, gates, newObserver);
  }

  /**
   * The same migrator for a throw-away database, where change sets can do no harm: neither lint nor
   * guards nor approvals are in their way, no governor slows their data steps down, what checks of
   * rows find there is only told, and neither audit entries nor artifacts are kept.
   */
  public Migrator withoutLint() {
    return new Migrator(database, settings, changeSets, classification, Gates.OPEN, observer);
  }

  /**
   * The same migrator, which does not wait for the maintenance window.
   *
   * @param reason why, in a person's words; kept with the operation
   */
  public Migrator outsideWindow(String reason) {
    return new Migrator(
        database, settings, changeSets, classification, gates.outsideWindow(reason), observer);
  }

  /**
   * The same migrator, which executes change sets without approval and leaves a mark of it.
   *
   * @param reason in a person's words
   * @throws dev.tidemark.migrator.failure.MigratorException if the configuration does not allow it
   */
  public Migrator breakingGlass(String reason) {
    return new Migrator(
        database, settings, changeSets, classification, gates.breakingGlass(reason), observer);
  }

  /**
   * Approves a change set as it is now, in the name of the configured actor.
   *
   * @param revoke whether the approval is taken back instead
   * @param reason in that person's words
   * @return how far it is approved then
   * @throws dev.tidemark.migrator.failure.MigratorException if that person may not
   */
  public ApprovalState approve(String given, boolean revoke, Optional<String> reason) {
    String version = version(given);
    requireKnown(version);
    return perform(
        OperationKind.APPROVE,
        reason,
        (operation, connection) -> {
          ChangeSet changeSet = changeSet(version);
          operation.begins(List.of(changeSet));
          gates
              .approvals()
              .decide(connection, changeSet, revoke, operation.id(), settings.actor(), reason);
          return gates.approvals().states(connection, List.of(changeSet)).get(version);
        });
  }

  private void wantApproval(
      Operation operation, Connection connection, List<ChangeSet> steps, boolean expires)
      throws SQLException {
    gates
        .approvals()
        .check(connection, steps, expires, operation.id(), settings.actor(), observer::notice);
  }

  /**
   * Applies pending change sets in order. Each is verified by its own verify.sql; a transactional
   * one that fails leaves nothing behind, and those before it stay. One that fails is flagged and
   * not applied again before a person has said so; one that was interrupted is gone on with where
   * that is safe. In the end, comments of columns get their classification's tag.
   *
   * @return what was applied; no steps if nothing was pending
   */
  public OperationResult apply(ApplyOptions options) {
    Optional<String> to = options.to().map(Migrator::version);
    to.ifPresent(this::requireKnown);
    return perform(
        OperationKind.APPLY,
        gates.reasons(),
        (operation, connection) -> {
          List<Entry> entries = inspector.inspect(connection);
          refuseUnfit(entries);
          List<ChangeSet> applied = applied(entries);
          List<ChangeSet> pending = pending(entries, to);
          operation.begins(pending);
          wantApproval(operation, connection, pending, true);
          Optional<Set<String>> rewritten =
              gates.lint().check(database, connection, applied, pending, observer::notice);
          gates.guards().observe(connection, pending(entries, Optional.empty()));
          gates
              .guards()
              .beforeApply(connection, pending, applied.isEmpty(), rewritten, observer::notice);
          ChangeSetRunner runner =
              new ChangeSetRunner(operation, connection, history, inspector, gates);
          List<Step> steps = new ArrayList<>();
          try {
            for (MigrateOutput done : history.migrate(connection, to, runner)) {
              steps.add(step(changeSet(done.version), ChangeSet::apply, done.executionTime));
            }
            runner.committed();
          } catch (RuntimeException e) {
            afterFailure(runner, connection, e);
            throw e;
          }
          tagComments(operation, connection);
          return new OperationResult(List.copyOf(steps), current(history.entries(connection)));
        });
  }

  /**
   * Rolls applied change sets back, the youngest first, each in one transaction wherever Postgres
   * allows. A change set whose last attempt did not succeed counts as applied: what there is of it
   * is undone, and it is not applied again before a person has said so.
   *
   * @return what was rolled back
   */
  public OperationResult rollback(RollbackOptions options) {
    return perform(
        OperationKind.ROLLBACK,
        gates.reasons(),
        (operation, connection) -> {
          Map<String, Run> runs = operation.journal().latestRuns();
          Set<String> flagged = operation.journal().flags().keySet();
          List<Entry> entries = history.entries(connection);
          List<Entry> chosen = chosen(entries, runs, options);
          operation.begins(known(chosen));
          wantApproval(operation, connection, known(chosen), false);
          gates.guards().observe(connection, pending(entries, Optional.empty()));
          gates.guards().beforeRollback(connection, known(chosen), observer::notice);
          ChangeSetRunner runner =
              new ChangeSetRunner(operation, connection, history, inspector, gates);
          List<Step> steps = new ArrayList<>();
          for (Entry entry : chosen) {
            steps.add(rollback(entry, runner, flagged.contains(entry.version())));
          }
          tagComments(operation, connection);
          return new OperationResult(List.copyOf(steps), current(history.entries(connection)));
        });
  }

  /**
   * Reads how the relations are used that pending contract change sets want to take away, and keeps
   * it as evidence. To be called now and then, such as every hour; it takes no lock that others
   * wait for.
   */
  public List<Observation> observe() {
    return reading(
        connection -> {
          MigratorState.ensure(connection);
          return gates
              .guards()
              .observe(connection, pending(history.entries(connection), Optional.empty()));
        });
  }

  /** What apply would apply, in order, after what is applied. Changes nothing. */
  public Plan plan(ApplyOptions options) {
    Optional<String> to = options.to().map(Migrator::version);
    to.ifPresent(this::requireKnown);
    return reading(
        connection -> {
          List<Entry> entries = history.entries(connection);
          return new Plan(applied(entries), pending(entries, to));
        });
  }

  /** What rollback would roll back, the youngest first, of what is applied. Changes nothing. */
  public Plan plan(RollbackOptions options) {
    return reading(
        connection -> {
          List<Entry> entries = history.entries(connection);
          return new Plan(applied(entries), known(chosen(entries, Map.of(), options)));
        });
  }

  private List<ChangeSet> applied(List<Entry> entries) {
    return known(entries.stream().filter(Entry::isApplied).toList());
  }

  private List<ChangeSet> pending(List<Entry> entries, Optional<String> to) {
    return known(
        entries.stream()
            .filter(entry -> !entry.isApplied())
            .filter(entry -> to.isEmpty() || entry.version().compareTo(to.get()) <= 0)
            .toList());
  }

  private List<ChangeSet> known(List<Entry> entries) {
    return entries.stream()
        .flatMap(entry -> Optional.ofNullable(changeSets.get(entry.version())).stream())
        .toList();
  }

  /** Where the schema stands. Changes nothing and waits for nobody. */
  public StatusResult status() {
    return reading(
        connection -> {
          Optional<String> operator = OperationLock.holder(connection);
          List<Entry> entries = inspector.inspect(connection);
          return new StatusResult(
              entries,
              current(entries),
              ProgressTable.unfinished(connection),
              operator,
              gates.approvals().states(connection, List.copyOf(changeSets.values())));
        });
  }

  /**
   * Executes verify.sql of every applied change set that the program knows. Changes nothing.
   *
   * @return what each statement gave, in order
   */
  public VerifyResult verify() {
    return reading(
        connection -> {
          List<ChangeSet> applied =
              history.entries(connection).stream()
                  .filter(Entry::isApplied)
                  .map(entry -> changeSets.get(entry.version()))
                  .filter(Objects::nonNull)
                  .toList();
          return Verifier.verify(connection, settings, applied);
        });
  }

  /**
   * Takes an existing database over: writes down that the change sets up to a version are applied,
   * without executing them, once the verify.sql of each holds.
   *
   * @param version the last change set that is there already
   */
  public OperationResult baseline(String version) {
    String to = version(version);
    requireKnown(to);
    return perform(
        OperationKind.BASELINE,
        Optional.of("the database is at " + to + " already"),
        (operation, connection) -> {
          List<ChangeSet> there =
              changeSets.values().stream().filter(c -> c.version().compareTo(to) <= 0).toList();
          operation.begins(there);
          Baseline.write(database, connection, settings, history, there, to);
          List<Step> steps =
              there.stream()
                  .map(changeSet -> new Step(changeSet.version(), changeSet.description(), 0, 0))
                  .toList();
          return new OperationResult(steps, Optional.of(to));
        });
  }

  /**
   * What is seen of a change set that is not as it should be, and what can be said about it.
   * Changes nothing.
   */
  public Guidance guide(String version) {
    return reading(
        connection -> {
          return resolver().guide(connection, version(version));
        });
  }

  /**
   * Writes down what is to become of a change set that failed or was interrupted, and takes its
   * flag down.
   *
   * @param reason in a person's words; kept with the operation
   * @return what was seen before
   * @throws dev.tidemark.migrator.failure.MigratorException if there is nothing to decide, or if
   *     what is there speaks against it
   */
  public Guidance resolve(String version, Resolution resolution, String reason) {
    return perform(
        OperationKind.RESOLVE,
        Optional.of(reason),
        (operation, connection) -> {
          operation.begins(Optional.ofNullable(changeSets.get(version(version))).stream().toList());
          return resolver().resolve(operation, connection, version(version), resolution, reason);
        });
  }

  /** Judges the audit chain of the migrator's operations. Changes nothing. */
  public AuditVerdict verifyAudit() {
    return reading(
        connection -> {
          return gates.records().trail().orElseThrow().verify(connection);
        });
  }

  /**
   * Takes the audit chain as it is for granted, such as after a restore to an earlier time.
   *
   * @param reason in a person's words; kept in the chain
   * @return what is found in the chain then
   * @throws dev.tidemark.migrator.failure.MigratorException if nothing speaks against the chain
   */
  public AuditVerdict acceptAudit(String reason) {
    // The chain as it is would refuse to be gone on with.
    return Operation.perform(
        database,
        settings,
        observer,
        OperationKind.ACCEPT_AUDIT,
        gates.records().withoutTrail(),
        Optional.of(reason),
        operation -> {
          Connection connection = operation.lock().connection();
          AuditTrail trail = gates.records().trail().orElseThrow();
          trail.accept(connection, operation.id(), Actor.here(settings.actor()), reason);
          return trail.verify(connection);
        });
  }

  /**
   * Change sets comment on columns; how sensitive these are is decided elsewhere, and may change.
   */
  private void tagComments(Operation operation, Connection connection) throws SQLException {
    if (classification.isEmpty()) {
      return;
    }
    Optional<Script> script = CommentTags.missing(connection, classification.get());
    if (script.isPresent()) {
      new ChangeSetRunner(operation, connection, history, inspector, gates)
          .runByItself("classification", "tags of column comments", script.get());
    }
  }

  private static Map<String, ChangeSet> byVersion(List<ChangeSet> changeSets) {
    Map<String, ChangeSet> byVersion = new LinkedHashMap<>();
    changeSets.forEach(changeSet -> byVersion.put(changeSet.version(), changeSet));
    return byVersion;
  }

  private Resolver resolver() {
    return new Resolver(settings, history, inspector, changeSets);
  }

  /** What is read without the lock. */
  private interface Reading<T> {
    T from(Connection connection) throws SQLException;
  }

  /** Flyway and our own looks set the session up, which a pooler would give to somebody else. */
  private <T> T reading(Reading<T> work) {
    try (Connection connection = database.connect()) {
      PoolerCheck.refusePooledTransactions(database, connection);
      return work.from(connection);
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  /** What is done with a working connection while an operation holds the lock. */
  private interface Work<T> {
    T run(Operation operation, Connection connection) throws SQLException;
  }

  private <T> T perform(OperationKind kind, Optional<String> reason, Work<T> work) {
    return Operation.perform(
        database,
        settings,
        observer,
        kind,
        gates.records(),
        reason,
        operation -> {
          try (Connection connection = database.connect()) {
            history.forgetFailures(connection);
            Abandoned.settle(operation, () -> history.entries(connection), this::name);
            return work.run(operation, connection);
          }
        });
  }

  /** A connection that is gone cannot tell more. */
  private void afterFailure(ChangeSetRunner runner, Connection connection, RuntimeException e) {
    try {
      runner.notCommitted(e);
      if (!connection.isClosed()) {
        history.forgetFailures(connection);
      }
    } catch (SQLException also) {
      e.addSuppressed(also);
    }
  }

  private Step rollback(Entry entry, ChangeSetRunner runner, boolean flagged) throws SQLException {
    if (entry.state() == State.UNKNOWN || !changeSets.containsKey(entry.version())) {
      throw MigratorFailures.schemaNewer(database.address(), entry.version());
    }
    ChangeSet changeSet = changeSet(entry.version());
    if (entry.state() == State.EDITED) {
      throw MigratorFailures.changeSetEdited(changeSet.name());
    }
    long startedAt = System.nanoTime();
    int statements = runner.rollback(changeSet, entry.isApplied(), flagged || !entry.isApplied());
    long milliseconds = (System.nanoTime() - startedAt) / 1_000_000;
    return new Step(changeSet.version(), changeSet.description(), statements, milliseconds);
  }

  private void refuseUnfit(List<Entry> entries) {
    for (Entry entry : entries) {
      entry.finding().filter(finding -> !finding.resumable()).ifPresent(f -> refuse(entry, f));
    }
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

  private static void refuse(Entry entry, Finding finding) {
    throw MigratorFailures.notFit(
        name(entry), Remedies.words(finding.state()), finding.detail(), finding.remedy());
  }

  /** The entries to roll back, the youngest first. */
  private List<Entry> chosen(List<Entry> entries, Map<String, Run> runs, RollbackOptions options) {
    List<Entry> candidates = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.isApplied() || isAttempted(runs.get(entry.version()))) {
        candidates.add(0, entry);
      }
    }
    if (options instanceof RollbackOptions.Last last) {
      return candidates.subList(0, Math.min(last.count(), candidates.size()));
    }
    String to = version(((RollbackOptions.To) options).version());
    if (!to.equals(RollbackOptions.NOTHING)
        && candidates.stream().noneMatch(entry -> entry.version().equals(to))) {
      throw MigratorFailures.unknownVersion(
          to, "no change set of that version is applied to " + database.address());
    }
    return candidates.stream().filter(entry -> entry.version().compareTo(to) > 0).toList();
  }

  /** Whether the last that was tried of it went forward and did not succeed, or back half-way. */
  private static boolean isAttempted(Run run) {
    if (run == null) {
      return false;
    }
    return run.script() == ScriptKind.APPLY
        ? !run.outcome().equals(Optional.of(RunOutcome.DONE))
        : run.outcome().equals(Optional.of(RunOutcome.STOPPED));
  }

  private void requireKnown(String version) {
    if (!changeSets.containsKey(version)) {
      throw MigratorFailures.unknownVersion(version, "the program knows no such version");
    }
  }

  private ChangeSet changeSet(String version) {
    return Optional.ofNullable(changeSets.get(version)).orElseThrow();
  }

  private static Step step(
      ChangeSet changeSet, Function<ChangeSet, Script> script, long milliseconds) {
    int statements = script.apply(changeSet).statements().size();
    return new Step(changeSet.version(), changeSet.description(), statements, milliseconds);
  }

  private static Optional<String> current(List<Entry> entries) {
    return entries.stream()
        .filter(Entry::isApplied)
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

  private String name(String version) {
    ChangeSet changeSet = changeSets.get(version);
    return changeSet == null ? version : changeSet.name();
  }

  private static String name(Entry entry) {
    return entry.version() + "_" + entry.description();
  }
}
