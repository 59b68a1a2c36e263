package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.DataStep;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.datastep.DataStepProgress;
import dev.tidemark.migrator.datastep.ProgressTable;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.Finding;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.state.FailureState;
import dev.tidemark.migrator.state.Flag;
import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.MigratorState;
import dev.tidemark.migrator.state.Run;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.ScriptKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds out where every change set stands, from the history, the journal, the flags and the
 * catalogue together. Writes nothing.
 */
final class Inspector {
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);
  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);

  private final FlywayHistory history;
  private final Map<String, ChangeSet> changeSets;
  private final Map<String, String> placeholders;

  Inspector(
      FlywayHistory history, Map<String, ChangeSet> changeSets, Map<String, String> placeholders) {
    this.history = history;
    this.changeSets = changeSets;
    this.placeholders = placeholders;
  }

  /** Every change set that folder or history knows, by version, with what is wrong with it. */
  List<Entry> inspect(Connection connection) throws SQLException {
    List<Entry> entries = history.entries(connection);
    if (!MigratorState.exists(connection)) {
      return entries;
    }
    Journal journal = new Journal(connection);
    Map<String, Run> runs = journal.latestRuns();
    Map<String, Flag> flags = journal.flags();
    List<Entry> inspected = new ArrayList<>();
    for (Entry entry : entries) {
      Optional<Run> run = Optional.ofNullable(runs.get(entry.version()));
      Optional<Flag> flag = Optional.ofNullable(flags.get(entry.version()));
      inspected.add(inspect(connection, journal, entry, run, flag));
    }
    return inspected;
  }

  /** How far a script of a change set has come without a transaction. */
  Progress progress(Connection connection, Journal journal, ChangeSet changeSet, ScriptKind kind)
      throws SQLException {
    Script script = kind == ScriptKind.APPLY ? changeSet.apply() : changeSet.rollback();
    ScriptSession.begin(connection, LOCK_TIMEOUT, STATEMENT_TIMEOUT);
    try {
      return Progress.of(connection, journal, changeSet.version(), kind, script, placeholders);
    } finally {
      ScriptSession.end(connection);
    }
  }

  private Entry inspect(
      Connection connection, Journal journal, Entry entry, Optional<Run> run, Optional<Flag> flag)
      throws SQLException {
    if (run.isPresent() && run.get().outcome().isEmpty()) {
      return unfinished(connection, journal, entry, run.get());
    }
    if (flag.isPresent()) {
      return entry.with(
          State.FAILED,
          Optional.of(
              new Finding(
                  flag.get().state(),
                  flag.get().message(),
                  Remedies.of(entry.version(), flag.get().state()),
                  false)));
    }
    if (run.isPresent()) {
      return finished(connection, journal, entry, run.get());
    }
    // A version before this one kept no journal.
    return entry.state() == State.FAILED
        ? failed(
            entry,
            FailureState.FAILED_PART_WAY,
            "it stopped part-way; there is no journal of it",
            Remedies.of(entry.version(), FailureState.FAILED_PART_WAY))
        : entry;
  }

  /** Nobody wrote down how the run ended. */
  private Entry unfinished(Connection connection, Journal journal, Entry entry, Run run)
      throws SQLException {
    if (run.atWork()) {
      return entry.with(State.RUNNING, Optional.empty());
    }
    if (run.openSession().isPresent()) {
      return failed(
          entry,
          FailureState.STILL_RUNNING,
          "its migrator is gone, but the server has its session still: " + run.openSession().get(),
          Remedies.stillRunning(run.openProcess().orElseThrow()));
    }
    boolean apply = run.script() == ScriptKind.APPLY;
    if (apply && entry.isApplied()) {
      return entry.with(
          entry.state(),
          Optional.of(
              new Finding(
                  FailureState.INTERRUPTED_AFTER_FINISH,
                  "its migrator is gone; the server had committed all of it",
                  "nothing is to be done: the next operation writes it down",
                  true)));
    }
    if (run.transactional()) {
      return entry.with(
          entry.state(),
          Optional.of(
              new Finding(
                  FailureState.INTERRUPTED,
                  "%s was interrupted at %s; Postgres undid all of it"
                      .formatted(apply ? "it" : "its rollback", run.startedAt()),
                  "run `tidemark migrate %s` again".formatted(apply ? "apply" : "rollback"),
                  true)));
    }
    return partWay(connection, journal, entry, run, "was interrupted at " + run.startedAt());
  }

  private Entry finished(Connection connection, Journal journal, Entry entry, Run run)
      throws SQLException {
    RunOutcome outcome = run.outcome().orElseThrow();
    if (outcome == RunOutcome.STOPPED) {
      return partWay(connection, journal, entry, run, "stopped at " + run.startedAt());
    }
    boolean shouldBeThere = run.script() == ScriptKind.APPLY && outcome == RunOutcome.DONE;
    if (shouldBeThere == entry.isApplied()) {
      return entry;
    }
    return failed(
        entry,
        FailureState.HISTORY_DISAGREES,
        shouldBeThere
            ? "the journal says that it was applied, the history does not know it"
            : "the history says that it is applied, the journal that it was "
                + (run.script() == ScriptKind.APPLY ? "undone" : "rolled back"),
        Remedies.of(entry.version(), FailureState.HISTORY_DISAGREES));
  }

  /** The run had no transaction, and stopped or was interrupted. */
  private Entry partWay(Connection connection, Journal journal, Entry entry, Run run, String what)
      throws SQLException {
    ChangeSet changeSet = changeSets.get(entry.version());
    if (changeSet == null) {
      return failed(
          entry,
          FailureState.INTERRUPTED,
          "it " + what + ", and this program does not know it",
          "use the program that began it");
    }
    Progress progress = progress(connection, journal, changeSet, run.script());
    boolean apply = run.script() == ScriptKind.APPLY;
    String subject = apply ? "it " : "its rollback ";
    String detail = subject + what + "; " + progress.words();
    if (!progress.edited().isEmpty()) {
      return failed(
          entry,
          FailureState.INTERRUPTED,
          detail + "; statement " + progress.edited().iterator().next() + " was edited since",
          "take the edit back, or "
              + Remedies.resolve(entry.version())
              + " with --mark-applied or --mark-rolled-back once you have seen to it by hand");
    }
    if (progress.is(Evidence.Verdict.INVALID_INDEX)) {
      return failed(
          entry,
          FailureState.INVALID_INDEX,
          "%s; statement %d left the invalid index %s"
              .formatted(
                  detail,
                  progress.doubtful().orElseThrow().number(),
                  progress.evidence().flatMap(Evidence.Finding::object).orElse("")),
          Remedies.goOn(apply),
          apply);
    }
    if (progress.unknown()) {
      return failed(
          entry,
          FailureState.INTERRUPTED,
          "%s; nobody can tell whether statement %d was finished"
              .formatted(detail, progress.doubtful().orElseThrow().number()),
          "look at what it changes, then "
              + Remedies.resolve(entry.version())
              + " with --retry to have it executed again");
    }
    if (progress.complete() && apply) {
      Optional<Entry> inDataStep = inDataStep(connection, entry, changeSet, "it " + what);
      if (inDataStep.isPresent()) {
        return inDataStep.get();
      }
    }
    if (progress.complete()) {
      return failed(
          entry,
          FailureState.INTERRUPTED_AFTER_FINISH,
          detail + "; only the verification and the history lack",
          Remedies.goOn(apply),
          apply);
    }
    return failed(entry, FailureState.INTERRUPTED, detail, Remedies.goOn(apply), apply);
  }

  /** All statements are done; a data step may not be. */
  private static Optional<Entry> inDataStep(
      Connection connection, Entry entry, ChangeSet changeSet, String what) throws SQLException {
    Map<String, DataStepProgress> begun =
        ProgressTable.of(connection, changeSet.version()).stream()
            .collect(Collectors.toMap(DataStepProgress::name, Function.identity()));
    for (DataStep step : changeSet.dataSteps()) {
      DataStepProgress progress = begun.get(step.name());
      if (progress == null || !progress.finished()) {
        String words =
            progress == null
                ? "data step " + step.name() + " was not begun"
                : progress.words()
                    + progress.slowedBy().map(reason -> "; slowed by " + reason).orElse("");
        boolean same = progress == null || progress.checksum().equals(step.checksum());
        return Optional.of(
            same
                ? failed(
                    entry,
                    FailureState.STOPPED_IN_DATA_STEP,
                    what + "; " + words,
                    Remedies.goOn(true),
                    true)
                : failed(
                    entry,
                    FailureState.STOPPED_IN_DATA_STEP,
                    what + "; " + words + "; it was edited since it began",
                    "take the edit back, or `tidemark migrate rollback --last 1`"));
      }
    }
    return Optional.empty();
  }

  private static Entry failed(Entry entry, FailureState state, String detail, String remedy) {
    return failed(entry, state, detail, remedy, false);
  }

  private static Entry failed(
      Entry entry, FailureState state, String detail, String remedy, boolean resumable) {
    return entry.with(State.FAILED, Optional.of(new Finding(state, detail, remedy, resumable)));
  }
}
