package dev.tidemark.jobs.rollup;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.publication.PublicationReport;
import dev.tidemark.pipeline.quality.Verdict;
import dev.tidemark.pipeline.rollup.AffectedWindow;
import dev.tidemark.pipeline.rollup.RollupReport;
import dev.tidemark.pipeline.rollup.RollupReport.RowCounts;
import dev.tidemark.pipeline.session.CapacityUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run did. */
record RollupResult(RunReport report) implements Result {
  private static final int SHOWN = 20;

  @Override
  public String text() {
    LandingReport landing = report.landing();
    RollupReport rollup = report.rollup();
    String landed =
        landing.read() == 0
            ? "Nothing new in the source."
            : "Of %,d rows read, %,d events were landed; %,d were delivered before and %,d quarantined."
                .formatted(
                    landing.read(), landing.landed(), landing.duplicates(), landing.quarantined());
    if (rollup.windows().isEmpty()) {
      return landed + " The rollups were up to date." + quality() + published() + warnings();
    }
    TextTable table = new TextTable("table", "recomputed", "inserted", "updated", "deleted");
    row(table, "usage_hourly", rollup.windows().size(), "hours", rollup.hourly());
    row(table, "usage_daily", rollup.dates(), "days", rollup.daily());
    String redefined =
        redefined() == 0
            ? ""
            : "\n%,d of the hours were computed with another definition of the rollups before."
                .formatted(redefined());
    return landed
        + "\n\n"
        + table
        + redefined
        + quality()
        + published()
        + "\n"
        + capacity()
        + conflicts()
        + warnings();
  }

  private String conflicts() {
    return report.totals().conflicts() == 0
        ? ""
        : "\nOther writers were faster %,d times; %,d attempts were made again."
            .formatted(report.totals().conflicts(), report.totals().retries());
  }

  private String warnings() {
    return report.warnings().stream()
        .map(warning -> "\n" + warning.text())
        .collect(Collectors.joining());
  }

  private String quality() {
    List<Verdict> broken = report.broken();
    if (broken.isEmpty()) {
      return "";
    }
    TextTable table = new TextTable("hour (UTC)", "rule", "severity", "why");
    broken.stream()
        .limit(SHOWN)
        .forEach(
            verdict ->
                table.row(
                    verdict.windowStart() == null ? "" : verdict.windowStart(),
                    verdict.rule(),
                    verdict.severity().label(),
                    verdict.detail()));
    int held = report.rollup().held().size();
    return "\n\n%,d times a quality rule was broken; %,d hours are held:\n%s"
        .formatted(broken.size(), held, table);
  }

  private Map<String, Object> qualityJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("held", report.rollup().held().keySet().stream().map(Instant::toString).toList());
    json.put(
        "broken",
        report.broken().stream()
            .map(
                verdict -> {
                  Map<String, Object> one = new LinkedHashMap<>();
                  one.put("rule", verdict.rule());
                  one.put("severity", verdict.severity().label());
                  one.put("window_start", verdict.windowStart());
                  one.put("detail", verdict.detail());
                  return one;
                })
            .toList());
    return json;
  }

  private String published() {
    PublicationReport published = report.published().report();
    String changed =
        published.written() + published.deleted() == 0
            ? ""
            : "\nIn Postgres, %,d rows of usage_summaries were written and %,d deleted."
                .formatted(published.written(), published.deleted());
    return published.leftOut() == 0
        ? changed
        : changed
            + "\n%,d rows stay out of it: an identifier is no UUID, or provider or model is unknown."
                .formatted(published.leftOut());
  }

  private Map<String, Object> publishedJson() {
    PublicationReport published = report.published().report();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("written", published.written());
    json.put("deleted", published.deleted());
    json.put("left_out", published.leftOut());
    return json;
  }

  private long redefined() {
    return report.rollup().windows().stream().filter(AffectedWindow::redefined).count();
  }

  @Override
  public Object json() {
    LandingReport landing = report.landing();
    RollupReport rollup = report.rollup();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run_id", report.runId());
    json.put("read", landing.read());
    json.put("landed", landing.landed());
    json.put("duplicates", landing.duplicates());
    json.put("quarantined", landing.quarantined());
    json.put("windows_reprocessed", rollup.windows().size());
    json.put("days_reprocessed", rollup.dates());
    json.put("windows_redefined", redefined());
    json.put("hourly", json(rollup.hourly()));
    json.put("daily", json(rollup.daily()));
    json.put("landed_version", rollup.landedVersion());
    json.put("published", publishedJson());
    json.put("quality", qualityJson());
    json.put("mismatches", rollup.differences().size());
    json.put("conflicts", report.totals().conflicts());
    json.put("retries", report.totals().retries());
    json.put("files_added", report.totals().sum(Figure.FILES_ADDED));
    json.put("files_removed", report.totals().sum(Figure.FILES_REMOVED));
    json.put("bytes_written", report.totals().sum(Figure.BYTES_WRITTEN));
    json.put("lag_ms", report.totals().lagMillis());
    json.put("warnings", report.warnings().stream().map(PipelineWarning::json).toList());
    json.put("capacity", capacityJson());
    return json;
  }

  private String capacity() {
    CapacityUsage used = report.capacity();
    String cores =
        used.provisioned().isPresent()
            ? "%.1f of %d cores on average (%.0f %%), at most %d"
                .formatted(
                    used.mean(), used.provisioned().getAsInt(), 100 * used.share(), used.peak())
            : "%.1f cores on average, at most %d".formatted(used.mean(), used.peak());
    String text =
        "Took %.1f s, %.1f s an hour of data, with %s."
            .formatted(seconds(used.elapsed()), seconds(report.perHour()), cores);
    return report.perHour().compareTo(report.hourBudget()) <= 0
        ? text
        : text
            + "\nThat is more than the %.0f s an hour of data that capacity.hour-budget allows."
                .formatted(seconds(report.hourBudget()));
  }

  private Map<String, Object> capacityJson() {
    CapacityUsage used = report.capacity();
    Map<String, Object> json = new LinkedHashMap<>();
    used.provisioned().ifPresent(cores -> json.put("cores_provisioned", cores));
    used.allowed().ifPresent(cores -> json.put("cores_allowed", cores));
    json.put("cores_mean", used.mean());
    json.put("cores_peak", used.peak());
    used.provisioned().ifPresent(cores -> json.put("share_used", used.share()));
    json.put("seconds", seconds(used.elapsed()));
    json.put("seconds_per_hour_of_data", seconds(report.perHour()));
    json.put("hour_budget_seconds", seconds(report.hourBudget()));
    return json;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static void row(
      TextTable table, String name, int windows, String unit, RowCounts changes) {
    table.row(
        name,
        "%,d %s".formatted(windows, unit),
        "%,d".formatted(changes.inserted()),
        "%,d".formatted(changes.updated()),
        "%,d".formatted(changes.deleted()));
  }

  private static Map<String, Object> json(RowCounts changes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("inserted", changes.inserted());
    json.put("updated", changes.updated());
    json.put("deleted", changes.deleted());
    return json;
  }
}
