package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.state.Run;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.ScriptKind;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Finds out how runs ended whose migrator is gone, and writes it down. */
final class Abandoned {
  private Abandoned() {}

  /**
   * Settles every such run.
   *
   * @param entries what the history knows: a change set's row is committed with the change set.
   *     Asked for only if there is such a run, since reading it takes a Flyway of its own
   * @param name the name of a change set by its version
   * @throws dev.tidemark.migrator.failure.MigratorException if the server is at work on one still
   */
  static void settle(Operation operation, Supplier<List<Entry>> entries, UnaryOperator<String> name)
      throws SQLException {
    List<Run> abandoned =
        operation.journal().latestRuns().values().stream().filter(Run::abandoned).toList();
    if (abandoned.isEmpty()) {
      return;
    }
    Set<String> applied =
        entries.get().stream()
            .filter(Entry::isApplied)
            .map(Entry::version)
            .collect(Collectors.toSet());
    for (Run run : abandoned) {
      run.openSession()
          .ifPresent(
              session -> {
                throw MigratorFailures.stillRunning(
                    name.apply(run.changeSet()),
                    session,
                    Remedies.stillRunning(run.openProcess().orElseThrow()));
              });
      RunOutcome outcome = outcome(run, applied.contains(run.changeSet()));
      operation
          .journal()
          .endRun(run.id(), outcome, Optional.of("interrupted; found " + words(outcome)));
    }
  }

  /** A rollback writes its end in the transaction that makes it true; so it has not come there. */
  private static RunOutcome outcome(Run run, boolean applied) {
    if (run.script() == ScriptKind.APPLY && applied) {
      return RunOutcome.DONE;
    }
    return run.transactional() ? RunOutcome.UNDONE : RunOutcome.STOPPED;
  }

  private static String words(RunOutcome outcome) {
    return switch (outcome) {
      case DONE -> "done";
      case UNDONE -> "undone by Postgres";
      case STOPPED -> "part-way";
    };
  }
}
