package dev.tidemark.migrator.monitoring;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.RunStart;
import dev.tidemark.migrator.state.StatementEnd;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a line into the log for each script of a change set and for each operation: what, how it
 * ended, how long it took in milliseconds, how many statements and rows, and which tables.
 */
public final class OperationLog implements OperationObserver {
  private static final Logger LOG = LoggerFactory.getLogger(OperationLog.class);

  private OperationKind operation;
  private long operationBegan;
  private RunStart run;
  private List<String> tables = List.of();
  private long runBegan;
  private long statements;
  private long rows;

  @Override
  public void progress(String line) {
    // For people.
  }

  @Override
  public void notice(String line) {
    // For people.
  }

  @Override
  public void operationBegins(OperationKind kind, Database database) {
    operation = kind;
    operationBegan = System.nanoTime();
  }

  @Override
  public void operationEnds(Optional<Throwable> failure) {
    if (run != null) {
      runEnds("unknown");
    }
    LoggingEventBuilder line =
        (failure.isEmpty() ? LOG.atInfo() : LOG.atWarn())
            .addKeyValue("operation", word(operation))
            .addKeyValue("status", failure.isEmpty() ? "done" : "failed")
            .addKeyValue("duration_ms", millisSince(operationBegan));
    failure.ifPresent(
        cause ->
            line.addKeyValue(
                "code",
                cause instanceof UserFailure known ? known.code() : cause.getClass().getName()));
    line.log("{} {}", word(operation), failure.isEmpty() ? "done" : "failed");
  }

  @Override
  public void runBegins(long number, RunStart start, List<String> touched) {
    run = start;
    tables = touched;
    runBegan = System.nanoTime();
    statements = 0;
    rows = 0;
  }

  @Override
  public void runEnds(RunOutcome outcome) {
    runEnds(word(outcome));
  }

  private void runEnds(String status) {
    ("done".equals(status) ? LOG.atInfo() : LOG.atWarn())
        .addKeyValue("operation", word(operation))
        .addKeyValue("version", run.changeSet())
        .addKeyValue("script", word(run.script()))
        .addKeyValue("status", status)
        .addKeyValue("duration_ms", millisSince(runBegan))
        .addKeyValue("statements", statements)
        .addKeyValue("rows", rows)
        .addKeyValue("tables", String.join(",", tables))
        .log("{} of {}_{}: {}", word(run.script()), run.changeSet(), run.description(), status);
    run = null;
  }

  @Override
  public void statementEnds(StatementEnd end) {
    statements++;
    rows += end.rows().orElse(0L);
  }

  private static long millisSince(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
