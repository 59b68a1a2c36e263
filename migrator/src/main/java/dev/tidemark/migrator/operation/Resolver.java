package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.datastep.ProgressTable;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.Finding;
import dev.tidemark.migrator.state.FailureState;
import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.Resolution;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.RunStart;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lets a person say what is to become of a change set that failed or was interrupted. */
final class Resolver {
  private final MigratorSettings settings;
  private final FlywayHistory history;
  private final Inspector inspector;
  private final Map<String, ChangeSet> changeSets;

  Resolver(
      MigratorSettings settings,
      FlywayHistory history,
      Inspector inspector,
      Map<String, ChangeSet> changeSets) {
    this.settings = settings;
    this.history = history;
    this.inspector = inspector;
    this.changeSets = changeSets;
  }

  /** What is seen, and what can be said about it. */
  Guidance guide(Connection connection, String version) throws SQLException {
    Entry entry =
        inspector.inspect(connection).stream()
            .filter(known -> known.version().equals(version))
            .findFirst()
            .orElseThrow(
                () -> MigratorFailures.unknownVersion(version, "nobody knows such a version"));
    Finding finding = entry.finding().orElseThrow(() -> MigratorFailures.nothingToResolve(version));
    ChangeSet changeSet = changeSets.get(version);
    List<String> lacking =
        changeSet == null
            ? List.of("this program does not know the change set")
            : Verifier.verify(connection, settings, List.of(changeSet)).mismatches().stream()
                .map(check -> "verify.sql line " + check.line() + ": " + check.found().orElse(""))
                .toList();
    return new Guidance(entry, lacking, choices(finding.state(), entry, lacking));
  }

  /** Writes the decision down. */
  Guidance resolve(
      Operation operation,
      Connection connection,
      String version,
      Resolution resolution,
      String reason)
      throws SQLException {
    Guidance guidance = guide(connection, version);
    if (!guidance.choices().containsKey(resolution)) {
      throw MigratorFailures.resolutionRefused(
          version,
          "--" + resolution.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          guidance.lacking().isEmpty()
              ? guidance.entry().finding().orElseThrow().detail()
              : String.join("; ", guidance.lacking()),
          "`tidemark migrate resolve " + version + "` tells what can be said about it");
    }
    ChangeSet changeSet = changeSets.get(version);
    Journal journal = operation.journal();
    switch (resolution) {
      case RETRY -> forgetDoubt(connection, journal, changeSet);
      case MARK_APPLIED -> {
        if (!guidance.entry().isApplied()) {
          history.record(connection, changeSet);
        }
        settle(operation, connection, changeSet, ScriptKind.APPLY, reason);
      }
      case MARK_ROLLED_BACK -> {
        history.forget(connection, version);
        ProgressTable.forget(connection, version);
        settle(operation, connection, changeSet, ScriptKind.ROLLBACK, reason);
      }
      default -> throw new IllegalStateException(resolution.name());
    }
    journal.resolve(operation.id(), version, resolution);
    return guidance;
  }

  private static Map<Resolution, String> choices(
      FailureState state, Entry entry, List<String> lacking) {
    Map<Resolution, String> choices = new EnumMap<>(Resolution.class);
    if (state == FailureState.STILL_RUNNING) {
      return choices;
    }
    if (state == FailureState.ROLLBACK_FAILED) {
      choices.put(
          Resolution.RETRY,
          "the flag is taken down; what the rollback left stays, and another rollback goes on");
    } else if (state != FailureState.HISTORY_DISAGREES) {
      choices.put(
          Resolution.RETRY,
          "the cause is mended: the next apply goes on with the first statement that is not done");
    }
    if (lacking.isEmpty()) {
      choices.put(
          Resolution.MARK_APPLIED,
          "all of it is there, and its verify.sql holds: the history "
              + (entry.isApplied() ? "keeps it" : "takes it")
              + " as applied");
    }
    choices.put(
        Resolution.MARK_ROLLED_BACK,
        "nothing of it is there: the history does not have it, and the next apply begins it anew");
    return choices;
  }

  /** A statement that nobody knows the end of is executed again. */
  private void forgetDoubt(Connection connection, Journal journal, ChangeSet changeSet)
      throws SQLException {
    if (changeSet.transactional()) {
      return;
    }
    Progress progress = inspector.progress(connection, journal, changeSet, ScriptKind.APPLY);
    if (progress.unknown()) {
      journal.settleStatement(
          progress.doubtful().orElseThrow().id(), false, "to be executed again, as a person said");
    }
  }

  private static void settle(
      Operation operation,
      Connection connection,
      ChangeSet changeSet,
      ScriptKind kind,
      String reason)
      throws SQLException {
    Script script = kind == ScriptKind.APPLY ? changeSet.apply() : changeSet.rollback();
    long run =
        operation
            .journal()
            .beginRun(
                operation.id(),
                new RunStart(
                    changeSet.version(),
                    changeSet.description(),
                    kind,
                    script.checksum(),
                    script.statements().size(),
                    false,
                    Session.of(connection),
                    Optional.empty()));
    operation
        .journal()
        .endRun(run, RunOutcome.DONE, Optional.of("not executed, marked by a person: " + reason));
  }
}
