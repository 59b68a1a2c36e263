package dev.tidemark.pipeline.runs;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.window.Micros;
import io.delta.kernel.data.Row;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The record of runs, read without a Spark job.
 *
 * @param ended by their ends, the newest last
 * @param unended by their starts, the newest last
 */
public record RunHistory(List<EndedRun> ended, List<UnendedRun> unended) {
  /** What the lake's tables say; what an older lake does not have is empty. */
  public static RunHistory read(Lake lake) {
    LakeTable ends = lake.table("job_runs");
    LakeTable starts = lake.table("job_starts");
    List<EndedRun> ended = ends.exists() ? ends.rows(RunHistory::ended) : List.of();
    Set<List<String>> known = new HashSet<>();
    ended.forEach(run -> known.add(List.of(run.runId(), run.command())));
    List<UnendedRun> begun = starts.exists() ? starts.rows(RunHistory::begun) : List.of();
    return new RunHistory(
        ended.stream().sorted(Comparator.comparing(EndedRun::endedAt)).toList(),
        begun.stream()
            .filter(run -> !known.contains(List.of(run.runId(), run.command())))
            .sorted(Comparator.comparing(UnendedRun::startedAt))
            .toList());
  }

  /** The newest run of a command. */
  public Optional<EndedRun> last(String command) {
    return ended.stream().filter(run -> run.command().equals(command)).reduce((a, b) -> b);
  }

  private static EndedRun ended(Row row) {
    return new EndedRun(
        text(row, "run_id").orElseThrow(),
        text(row, "command").orElseThrow(),
        text(row, "source").orElseThrow(),
        time(row, "started_at").orElseThrow(),
        time(row, "ended_at").orElseThrow(),
        text(row, "outcome").orElseThrow(),
        text(row, "failure_code"),
        time(row, "data_as_of"));
  }

  private static UnendedRun begun(Row row) {
    Instant startedAt = time(row, "started_at").orElseThrow();
    String process = text(row, "process").orElseThrow();
    return new UnendedRun(
        text(row, "run_id").orElseThrow(),
        text(row, "command").orElseThrow(),
        text(row, "source").orElseThrow(),
        startedAt,
        process,
        UnendedRun.state(
            startedAt,
            process,
            JobRun.machine(),
            number ->
                ProcessHandle.of(number)
                    .filter(ProcessHandle::isAlive)
                    .map(handle -> handle.info().startInstant().orElse(startedAt))));
  }

  private static Optional<String> text(Row row, String column) {
    int place = row.getSchema().indexOf(column);
    return row.isNullAt(place) ? Optional.empty() : Optional.of(row.getString(place));
  }

  private static Optional<Instant> time(Row row, String column) {
    int place = row.getSchema().indexOf(column);
    return row.isNullAt(place)
        ? Optional.empty()
        : Optional.of(Micros.toInstant(row.getLong(place)));
  }
}
