package dev.tidemark.pipeline.telemetry;

import dev.tidemark.pipeline.observation.FailureCode;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.RunEnd;
import dev.tidemark.pipeline.observation.RunObserver;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Work;
import java.time.Duration;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a line into the log for each piece of work of a run and for each run: what, how it ended,
 * how long it took in milliseconds, and its figures by their names.
 */
public final class RunLog implements RunObserver {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  @Override
  public void runBegins(RunStart start) {
    // Its end is told; until then, its work is.
  }

  @Override
  public void workEnds(RunStart run, Work work) {
    work.parts().forEach(part -> workEnds(run, part));
    String status = work.failure().isPresent() ? "failed" : "done";
    LoggingEventBuilder line =
        (work.failure().isPresent() ? LOG.atWarn() : LOG.atInfo())
            .addKeyValue("run_id", run.runId())
            .addKeyValue("command", run.command())
            .addKeyValue("kind", work.kind().label())
            .addKeyValue("table", work.table())
            .addKeyValue("status", status)
            .addKeyValue("duration_ms", work.took().toMillis());
    if (!work.part().isEmpty()) {
      line = line.addKeyValue("part", work.part());
    }
    for (var figure : new TreeMap<Figure, Long>(work.figures()).entrySet()) {
      line = line.addKeyValue(figure.getKey().label(), figure.getValue());
    }
    if (work.failure().isPresent()) {
      line = line.addKeyValue("code", FailureCode.of(work.failure().get()));
    }
    line.log("{} of {} {}: {}", work.kind().label(), work.table(), work.part(), status);
  }

  @Override
  public void runEnds(RunEnd end) {
    LoggingEventBuilder line =
        (end.failure().isPresent() ? LOG.atWarn() : LOG.atInfo())
            .addKeyValue("run_id", end.start().runId())
            .addKeyValue("command", end.start().command())
            .addKeyValue("kind", "run")
            .addKeyValue("source", end.start().source())
            .addKeyValue("status", end.outcome())
            .addKeyValue(
                "duration_ms", Duration.between(end.start().startedAt(), end.endedAt()).toMillis())
            .addKeyValue("conflicts", end.totals().conflicts())
            .addKeyValue("retries", end.totals().retries());
    if (end.failure().isPresent()) {
      line = line.addKeyValue("code", FailureCode.of(end.failure().get()));
    }
    line.log("{}: {}", end.start().command(), end.outcome());
  }
}
