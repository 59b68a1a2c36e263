package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.DataStep;
import dev.tidemark.migrator.datastep.DataStepRunner;
import dev.tidemark.migrator.datastep.DataStepSettings;
import dev.tidemark.migrator.datastep.Surroundings;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.state.OpenStatement;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.Session;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Runs the data steps of a change set as part of an operation, an entry in the journal for each.
 */
final class DataStepTask implements Surroundings {
  private final Operation operation;
  private final RunLog log;
  private final int session;
  private final DataStepRunner runner;

  DataStepTask(Operation operation, Connection connection, RunLog log, DataStepSettings dataSteps)
      throws SQLException {
    this.operation = operation;
    this.log = log;
    this.session = Session.of(connection).pid();
    this.runner =
        new DataStepRunner(
            operation.database(),
            connection,
            dataSteps,
            operation.settings().lockPatience(),
            operation.settings().placeholders(),
            this);
  }

  void run(String changeSet, DataStep step, int number) throws SQLException {
    long startedAt = System.nanoTime();
    OpenStatement open =
        log.begin(
            new StatementStart(
                log.run(), ScriptKind.DATA, number, step.checksum(), Optional.empty()),
            "DATA STEP");
    try {
      long rows = runner.run(changeSet, step, number);
      log.end(end(open, startedAt, Optional.of(rows), Optional.empty()));
    } catch (MigratorException e) {
      throw ended(open, startedAt, e);
    } catch (SQLException e) {
      throw ended(open, startedAt, SqlFailures.ofOurs(operation.database(), e));
    }
  }

  private MigratorException ended(OpenStatement open, long startedAt, MigratorException failure) {
    log.end(end(open, startedAt, Optional.empty(), Optional.of(failure)));
    return failure;
  }

  private static StatementEnd end(
      OpenStatement open,
      long startedAt,
      Optional<Long> rows,
      Optional<MigratorException> failure) {
    return new StatementEnd(
        open,
        failure.isEmpty(),
        rows,
        1,
        Duration.ZERO,
        Duration.ofNanos(System.nanoTime() - startedAt),
        failure
            .filter(e -> e.getCause() instanceof SQLException)
            .map(e -> ((SQLException) e.getCause()).getSQLState()),
        failure.map(e -> e.problem() + ": " + e.reason()),
        Optional.empty());
  }

  @Override
  public void progress(String line) {
    operation.observer().progress(line);
  }

  @Override
  public void notice(String line) {
    operation.observer().notice(line);
  }

  @Override
  public LockView lookAtLocks() {
    return operation.watch().watch(session);
  }
}
