package dev.tidemark.pipeline.runs;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.observation.FailureCode;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Totals;
import dev.tidemark.pipeline.observation.Watch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the pipeline: its start is written to the table {@code job_starts}, its end to {@code
 * job_runs}, what it did to {@code job_work}. Whoever observes the lake hears of all of it.
 */
public final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  private final Lake lake;
  private final RunStart start;

  /**
   * A run that begins now.
   *
   * @param command as the user gave it, such as {@code rollup}
   * @param source stable name of the source
   */
  public JobRun(Lake lake, String runId, String command, String source) {
    this(lake, new RunStart(runId, command, source, lake.clock().instant(), Optional.empty()));
  }

  private JobRun(Lake lake, RunStart start) {
    this.start = start;
    this.lake = lake.watchedBy(lake.watch().begin(start));
  }

  /**
   * Does the work of a run, and writes how it began and ended.
   *
   * @param work is given the lake by which it is watched
   */
  public static <T> T recorded(
      Lake lake,
      String runId,
      String command,
      String source,
      Function<JobRun, T> work,
      Function<T, Figures> figures) {
    JobRun run = new JobRun(lake, runId, command, source);
    run.writeStart();
    T result;
    try {
      result = work.apply(run);
    } catch (RuntimeException e) {
      run.failed(e);
      throw e;
    }
    run.done(figures.apply(result));
    return result;
  }

  /** A run that begins now as a part of another, and has no start of its own in the table. */
  public static JobRun within(
      Lake lake, String runId, String parent, String command, String source) {
    return new JobRun(
        lake, new RunStart(runId, command, source, lake.clock().instant(), Optional.of(parent)));
  }

  /** When it began, by the clock of this machine. */
  public Instant startedAt() {
    return start.startedAt();
  }

  /** The lake for the work of this run: what is done by way of it is told and added up. */
  public Lake lake() {
    return lake;
  }

  /** What its work came to so far. */
  public Totals totals() {
    return lake.watch().totals();
  }

  /**
   * What a run came to; null for what it has no figure for. The components are columns of the
   * table, whose comments say what they mean.
   */
  public record Figures(
      Instant dataAsOf,
      Long landedVersion,
      Long read,
      Long landed,
      Long duplicates,
      Long quarantined,
      Long hours,
      Long days,
      Long rowsChanged,
      Long mismatches) {
    /** Of a run that has none. */
    public static final Figures NONE =
        new Figures(null, null, null, null, null, null, null, null, null, null);

    /** Of a run that is known by the rows that it changed. */
    public static Figures ofRows(long changed) {
      return new Figures(null, null, null, null, null, null, null, null, changed, null);
    }
  }

  /** Writes that the run did its work; with mismatches, that it found some. */
  public void done(Figures figures) {
    boolean mismatch = figures.mismatches() != null && figures.mismatches() > 0;
    String outcome = mismatch ? "mismatch" : "done";
    writeWork();
    append(outcome, null, figures);
    end(outcome, Optional.empty(), Optional.ofNullable(figures.dataAsOf()));
  }

  /** Says that there was nothing to do: observers hear of it, and nothing is written. */
  public void idle() {
    end("done", Optional.empty(), Optional.empty());
  }

  /** Writes that the run failed; if that cannot be written, the failure itself stays the news. */
  public void failed(RuntimeException failure) {
    try {
      writeWork();
      append("failed", FailureCode.of(failure), Figures.NONE);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    end("failed", Optional.of(failure), Optional.empty());
  }

  private void end(String outcome, Optional<Throwable> failure, Optional<Instant> dataAsOf) {
    Watch watch = lake.watch();
    watch.end(lake.clock().instant(), outcome, failure, dataAsOf);
  }

  /** The record of a run is not worth a run. */
  private void writeStart() {
    try {
      lake.table("job_starts")
          .appendRows(
              List.of(
                  List.of(start.runId(), start.command(), start.source(), startedAt(), process())));
    } catch (RuntimeException e) {
      LOG.warn("The start of this run cannot be recorded; it goes on: {}", e.toString());
    }
  }

  private void writeWork() {
    List<List<Object>> rows = WorkRows.of(start, lake.watch(), lake.clock().instant());
    if (!rows.isEmpty()) {
      try {
        lake.table("job_work").appendRows(rows);
      } catch (RuntimeException e) {
        LOG.warn("What this run did cannot be recorded; it goes on: {}", e.toString());
      }
    }
  }

  /** This process, as {@code job_starts} names it. */
  static String process() {
    return ProcessHandle.current().pid() + "@" + machine();
  }

  static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private void append(String outcome, String failureCode, Figures figures) {
    List<Object> row =
        Arrays.asList(
            start.runId(),
            start.command(),
            start.source(),
            startedAt(),
            lake.clock().instant(),
            outcome,
            failureCode,
            figures.dataAsOf(),
            figures.landedVersion(),
            figures.read(),
            figures.landed(),
            figures.duplicates(),
            figures.quarantined(),
            figures.hours(),
            figures.days(),
            figures.rowsChanged(),
            figures.mismatches());
    lake.table("job_runs").appendRows(List.of(row));
  }
}
