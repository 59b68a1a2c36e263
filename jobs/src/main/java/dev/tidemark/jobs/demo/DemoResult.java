package dev.tidemark.jobs.demo;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.metrics.LatencyFunctions;
import dev.tidemark.pipeline.reconciliation.Comparison;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.rollup.AffectedWindow;
import dev.tidemark.pipeline.sql.SqlResource;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * How the story ended.
 *
 * @param home absolute path of the demo's home
 * @param events distinct events landed
 * @param lateEvents those of them that arrived after the first rollup
 * @param duplicates deliveries of events that had been landed already
 * @param quarantined rows refused
 * @param hourlyRows rows of the hourly rollup
 * @param dailyRows rows of the daily rollup
 * @param reprocessed hours that late events made to be recomputed, in order
 * @param withPostgres reconciliation with Postgres as the source
 * @param withFiles reconciliation with the partner's files as the source
 * @param usage what the last days' usage was, by day and organization
 */
record DemoResult(
    Path home,
    long events,
    long lateEvents,
    long duplicates,
    long quarantined,
    long hourlyRows,
    long dailyRows,
    List<AffectedWindow> reprocessed,
    ReconciliationReport withPostgres,
    ReconciliationReport withFiles,
    List<Usage> usage)
    implements Result {
  private static final SqlResource USAGE = SqlResource.of(DemoResult.class, "usage.sql");

  /** Usage of an organization on a day; latency in milliseconds. */
  record Usage(
      LocalDate day, String organization, long requests, long tokens, BigDecimal usd, double p95) {}

  static DemoResult of(
      DemoHome home,
      Lake lake,
      RunReport first,
      RunReport late,
      RunReport delivered,
      ReconciliationReport withPostgres,
      ReconciliationReport withFiles,
      Map<String, String> organizations) {
    List<RunReport> runs = List.of(first, late, delivered);
    return new DemoResult(
        home.folder(),
        runs.stream().mapToLong(run -> run.landing().landed()).sum(),
        late.landing().landed() + delivered.landing().landed(),
        runs.stream().mapToLong(run -> run.landing().duplicates()).sum(),
        runs.stream().mapToLong(run -> run.landing().quarantined()).sum(),
        lake.usageHourly().read().count(),
        lake.usageDaily().read().count(),
        distinct(late.rollup().windows(), delivered.rollup().windows()),
        withPostgres,
        withFiles,
        usage(lake, organizations));
  }

  /** How many windows disagree. */
  long mismatches() {
    return withPostgres.mismatches() + withFiles.mismatches();
  }

  private static List<AffectedWindow> distinct(
      List<AffectedWindow> first, List<AffectedWindow> second) {
    Map<Object, AffectedWindow> windows = new TreeMap<>();
    Stream.concat(first.stream(), second.stream())
        .forEach(window -> windows.merge(window.hourStart(), window, AffectedWindow::plus));
    return List.copyOf(windows.values());
  }

  private static List<Usage> usage(Lake lake, Map<String, String> organizations) {
    LatencyFunctions.register(lake.spark());
    lake.usageDaily().read().createOrReplaceTempView("usage_daily");
    List<Usage> usage = new ArrayList<>();
    for (Row row : lake.spark().sql(USAGE.text()).collectAsList()) {
      usage.add(
          new Usage(
              row.<Date>getAs("usage_date").toLocalDate(),
              organizations.get(row.<String>getAs("organization_id")),
              row.<Long>getAs("requests"),
              row.<Long>getAs("tokens"),
              row.getAs("cost_usd"),
              row.<Double>getAs("latency_p95_ms")));
    }
    return usage;
  }

  @Override
  public String text() {
    return String.join(
        "\n\n",
        "Late events changed these windows:\n" + windowsTable(),
        "Every comparison, request by request and token by token:\n" + checksTable(),
        "Usage of the last days, late events included:\n" + usageTable(),
        "%,d events, %,d of them late, %,d delivered twice, %,d quarantined; %,d mismatches."
            .formatted(events, lateEvents, duplicates, quarantined, mismatches()),
        """
        All of it lies in %s: postgres, lake, and the partner's files in demo.
        The next demo there starts over. Try now:
          ./tidemark sql -e "SELECT * FROM usage_daily_metrics LIMIT 5"
          ./tidemark job status
          ./tidemark job quarantine list
          ./tidemark job rollup
          ./tidemark job rollup --config %s"""
            .formatted(home, new DemoHome(home).partnerConfig()));
  }

  private TextTable windowsTable() {
    TextTable table = new TextTable("day (UTC)", "hours", "arrivals", "late by up to");
    Map<LocalDate, List<AffectedWindow>> days =
        reprocessed.stream()
            .collect(
                Collectors.groupingBy(
                    window -> window.hourStart().atZone(ZoneOffset.UTC).toLocalDate(),
                    TreeMap::new,
                    Collectors.toList()));
    days.forEach(
        (day, windows) -> {
          Duration late =
              windows.stream()
                  .map(AffectedWindow::lateness)
                  .max(Duration::compareTo)
                  .orElse(Duration.ZERO);
          table.row(
              day,
              windows.size(),
              "%,d".formatted(windows.stream().mapToLong(AffectedWindow::arrivals).sum()),
              late.toDays()
                  + (late.toDays() == 1 ? " day " : " days ")
                  + late.toHoursPart()
                  + " h");
        });
    return table;
  }

  private TextTable checksTable() {
    TextTable table = new TextTable("left", "right", "windows", "requests", "mismatches");
    checks(table, "Postgres", withPostgres);
    ReconciliationReport.Check files = withFiles.checks().get(Comparison.SOURCE_LANDED);
    if (files != null) {
      row(table, "partner's files", "landed", files);
    }
    return table;
  }

  private static void checks(TextTable table, String source, ReconciliationReport report) {
    report
        .checks()
        .forEach(
            (comparison, check) -> {
              switch (comparison) {
                case SOURCE_LANDED -> row(table, source, "landed", check);
                case LANDED_HOURLY -> row(table, "landed", "hourly", check);
                case HOURLY_DAILY -> row(table, "hourly", "daily", check);
              }
            });
  }

  private static void row(
      TextTable table, String left, String right, ReconciliationReport.Check check) {
    table.row(
        left,
        right,
        "%,d".formatted(check.windows()),
        "%,d".formatted(check.requests()),
        "%,d".formatted(check.mismatches()));
  }

  private TextTable usageTable() {
    TextTable table =
        new TextTable("day (UTC)", "organization", "requests", "tokens", "cost (USD)", "p95");
    LocalDate before = null;
    for (Usage line : usage) {
      table.row(
          line.day().equals(before) ? null : line.day(),
          line.organization(),
          "%,d".formatted(line.requests()),
          "%,d".formatted(line.tokens()),
          "%,.2f".formatted(line.usd()),
          "%,.0f ms".formatted(line.p95()));
      before = line.day();
    }
    return table;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("events", events);
    json.put("late_events", lateEvents);
    json.put("duplicates", duplicates);
    json.put("quarantined", quarantined);
    json.put("hourly_rows", hourlyRows);
    json.put("daily_rows", dailyRows);
    json.put("windows_reprocessed", reprocessed.size());
    json.put("mismatches", mismatches());
    return json;
  }
}
