package dev.tidemark.pipeline.telemetry;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongGauge;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** What is measured. All times are in seconds. */
final class Instruments {
  /** From a run that finds nothing new to the rollup of years. */
  private static final List<Double> BOUNDARIES =
      List.of(0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14400.0);

  /** From a live stream to events that come a month late. */
  private static final List<Double> LAGS =
      List.of(
          1.0, 10.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 21600.0, 86400.0, 259200.0,
          604800.0, 2592000.0);

  final DoubleHistogram runs;
  final DoubleHistogram works;
  final DoubleHistogram lags;
  final LongCounter rows;
  final LongCounter windows;
  final LongCounter bytes;
  final LongCounter files;
  final LongCounter conflicts;
  final LongCounter retries;
  final LongCounter failures;
  final LongGauge dataAsOf;

  Instruments(Meter meter) {
    runs = seconds(meter, "tidemark.pipeline.run.duration", "Whole runs", BOUNDARIES);
    works = seconds(meter, "tidemark.pipeline.work.duration", "Pieces of work", BOUNDARIES);
    lags = seconds(meter, "tidemark.pipeline.lag", "How long the first input had waited", LAGS);
    rows = counter(meter, "tidemark.pipeline.rows", "{row}", "Rows, by what became of them");
    windows = counter(meter, "tidemark.pipeline.windows", "{window}", "Windows recomputed");
    bytes = counter(meter, "tidemark.pipeline.written", "By", "Bytes of files added");
    files = counter(meter, "tidemark.pipeline.files", "{file}", "Files added and removed");
    conflicts =
        counter(meter, "tidemark.pipeline.conflicts", "{attempt}", "Attempts lost to others");
    retries = counter(meter, "tidemark.pipeline.retries", "{attempt}", "Attempts beyond 1");
    failures = counter(meter, "tidemark.pipeline.failures", "{failure}", "Runs not done");
    dataAsOf =
        meter
            .gaugeBuilder("tidemark.pipeline.data_as_of")
            .ofLongs()
            .setUnit("s")
            .setDescription("Unix time at which everything in the source is in the rollups")
            .build();
  }

  private static DoubleHistogram seconds(
      Meter meter, String name, String description, List<Double> boundaries) {
    return meter
        .histogramBuilder(name)
        .setUnit("s")
        .setDescription(description)
        .setExplicitBucketBoundariesAdvice(boundaries)
        .build();
  }

  private static LongCounter counter(Meter meter, String name, String unit, String description) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(description).build();
  }
}
