package dev.tidemark.jobs.lake;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.runs.EndedRun;
import dev.tidemark.pipeline.runs.UnendedRun;
import dev.tidemark.pipeline.status.PipelineStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How a pipeline is, as it is shown. */
record StatusResult(PipelineStatus status, Instant now) implements Result {
  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add("Lake          " + status.lake());
    lines.add(
        "Source        "
            + status.source()
            + (status.waitingInSource().isPresent()
                ? ", %,d rows waiting".formatted(status.waitingInSource().getAsLong())
                : ""));
    lines.add(
        "Landed        version "
            + status.landedVersion()
            + status.lastEventAt().map(at -> ", last event " + ago(at)).orElse(", no event yet"));
    lines.add(
        "Rolled up     "
            + (status.consumedVersion() < 0 ? "nothing yet" : "version " + status.consumedVersion())
            + ", %,d hours and %,d days waiting"
                .formatted(status.hoursWaiting(), status.daysWaiting())
            + (status.heldHours() == 0 ? "" : ", %,d hours held".formatted(status.heldHours())));
    lines.add(
        "Data as of    "
            + status.dataAsOf().map(at -> ago(at.truncatedTo(ChronoUnit.SECONDS))).orElse("never"));
    lines.add("Quarantined   %,d events".formatted(status.quarantined()));
    lines.add("Change sets   " + status.changeSets().toString().replaceAll("[\\[\\]]", ""));
    if (!status.lastRuns().isEmpty() || !status.unended().isEmpty()) {
      lines.add("");
      lines.add(runs().toString());
    }
    lines.add("");
    lines.add(
        status.actions().isEmpty()
            ? "Nothing is to be done."
            : String.join("\n", status.actions().stream().map(PipelineWarning::text).toList()));
    return String.join("\n", lines);
  }

  private TextTable runs() {
    TextTable table = new TextTable("last run", "began", "took", "outcome");
    for (EndedRun run : status.lastRuns()) {
      table.row(
          run.command(),
          ago(run.startedAt().truncatedTo(ChronoUnit.SECONDS)),
          "%.1f s".formatted(Duration.between(run.startedAt(), run.endedAt()).toMillis() / 1e3),
          run.outcome() + run.failureCode().map(code -> " " + code).orElse(""));
    }
    for (UnendedRun run : status.unended()) {
      table.row(
          run.command(),
          ago(run.startedAt().truncatedTo(ChronoUnit.SECONDS)),
          "",
          run.state() == UnendedRun.State.UNKNOWN
              ? "running or killed"
              : run.state().name().toLowerCase(Locale.ROOT));
    }
    return table;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lake", status.lake());
    json.put("source", status.source());
    json.put("rows_waiting", optional(status.waitingInSource()));
    json.put("landed_version", status.landedVersion());
    json.put("consumed_version", status.consumedVersion());
    json.put("windows_waiting", status.hoursWaiting());
    json.put("days_waiting", status.daysWaiting());
    json.put("hours_held", status.heldHours());
    json.put("last_event_at", status.lastEventAt().orElse(null));
    json.put("freshness_seconds", seconds(status.lastEventAt()));
    json.put("data_as_of", status.dataAsOf().orElse(null));
    json.put("behind_seconds", seconds(status.dataAsOf()));
    json.put("quarantined", status.quarantined());
    json.put("change_sets", status.changeSets());
    json.put("last_runs", status.lastRuns().stream().map(StatusResult::json).toList());
    json.put("unended_runs", status.unended().stream().map(StatusResult::json).toList());
    json.put("actions", status.actions().stream().map(PipelineWarning::json).toList());
    return json;
  }

  private static Map<String, Object> json(EndedRun run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", run.runId());
    json.put("command", run.command());
    json.put("started_at", run.startedAt());
    json.put("ended_at", run.endedAt());
    json.put("outcome", run.outcome());
    json.put("failure_code", run.failureCode().orElse(null));
    return json;
  }

  private static Map<String, Object> json(UnendedRun run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", run.runId());
    json.put("command", run.command());
    json.put("started_at", run.startedAt());
    json.put("process", run.process());
    json.put("state", run.state().name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static Object optional(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }

  private Long seconds(Optional<Instant> since) {
    return since.map(at -> Duration.between(at, now).toSeconds()).orElse(null);
  }

  private String ago(Instant at) {
    Duration duration = Duration.between(at, now);
    if (duration.isNegative()) {
      return at + " (ahead of this clock)";
    }
    return at
        + (duration.toDays() > 0
            ? " (%d days ago)".formatted(duration.toDays())
            : " (%d:%02d hours ago)".formatted(duration.toHours(), duration.toMinutesPart()));
  }
}
