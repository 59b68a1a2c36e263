package dev.tidemark.migrator.monitoring;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** What is measured. All times are in seconds. */
final class Instruments {
  /** From the quickest statement to an index build of hours. */
  private static final List<Double> BOUNDARIES =
      List.of(0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0, 600.0, 3600.0, 14400.0);

  final DoubleHistogram operations;
  final DoubleHistogram runs;
  final DoubleHistogram statementTimes;
  final DoubleHistogram lockWaits;
  final LongCounter statements;
  final LongCounter rows;
  final LongCounter retries;
  final LongCounter failures;

  Instruments(Meter meter) {
    operations = seconds(meter, "tidemark.migrator.operation.duration", "Whole operations");
    runs = seconds(meter, "tidemark.migrator.change_set.duration", "Scripts of change sets");
    statementTimes = seconds(meter, "db.client.operation.duration", "Statements, waiting included");
    lockWaits =
        seconds(meter, "tidemark.migrator.lock_wait.duration", "Waits of statements for locks");
    statements = counter(meter, "tidemark.migrator.statements", "{statement}", "Statements");
    rows = counter(meter, "tidemark.migrator.rows", "{row}", "Rows that statements changed");
    retries = counter(meter, "tidemark.migrator.lock_retries", "{attempt}", "Attempts beyond 1");
    failures = counter(meter, "tidemark.migrator.failures", "{failure}", "Operations not done");
  }

  private static DoubleHistogram seconds(Meter meter, String name, String description) {
    return meter
        .histogramBuilder(name)
        .setUnit("s")
        .setDescription(description)
        .setExplicitBucketBoundariesAdvice(BOUNDARIES)
        .build();
  }

  private static LongCounter counter(Meter meter, String name, String unit, String description) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(description).build();
  }
}
