package dev.tidemark.jobs.session;

import dev.tidemark.migrator.telemetry.Telemetry;
import dev.tidemark.pipeline.lineage.Datasets;
import dev.tidemark.pipeline.lineage.Lineage;
import dev.tidemark.pipeline.lineage.LineageSettings;
import dev.tidemark.pipeline.observation.RunObserver;
import dev.tidemark.pipeline.telemetry.RunLog;
import dev.tidemark.pipeline.telemetry.RunTelemetry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whoever hears of the runs of a job: the log, OpenTelemetry, OpenLineage. */
final class Reporting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reporting.class);

  private final List<RunObserver> observers = new ArrayList<>();
  private final Deque<Runnable> endings = new ArrayDeque<>();

  private Reporting() {}

  /**
   * Those whom environment and settings name.
   *
   * @param log whether machines read the log
   */
  static Reporting open(
      LineageSettings lineage, Datasets datasets, String sparkVersion, boolean log) {
    Reporting reporting = new Reporting();
    if (log) {
      reporting.observers.add(new RunLog());
    }
    try {
      Telemetry telemetry = Telemetry.open(LOG::warn);
      reporting.endings.push(telemetry::close);
      if (telemetry.isOn()) {
        reporting.observers.add(new RunTelemetry(telemetry.api(), telemetry.parent()));
      }
    } catch (LinkageError e) {
      // A cluster may put another version of OpenTelemetry before ours.
      LOG.warn("Telemetry cannot be set up here, the job goes on without: {}", e.toString());
    }
    Lineage.open(lineage, datasets, sparkVersion)
        .ifPresent(
            told -> {
              reporting.observers.add(told);
              reporting.endings.push(told::close);
            });
    return reporting;
  }

  RunObserver observer() {
    return RunObserver.all(observers);
  }

  /** Sends what is left; see {@link Telemetry#PATIENCE} and {@code lineage.timeout}. */
  @Override
  public void close() {
    endings.forEach(Runnable::run);
  }
}
