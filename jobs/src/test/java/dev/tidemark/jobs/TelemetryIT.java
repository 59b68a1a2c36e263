package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.jobs.sql.TidemarkSql;
import dev.tidemark.migrator.testing.OtlpReceiver;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector and a lineage server get of runs, and what is told to operators. */
class TelemetryIT {
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final int EVENTS = 300;

  /** From 29 January to 3 February: two months, so two units of either rollup. */
  private static final int DAYS = 6;

  private static final int MONTHS = 2;

  @TempDir Path folder;

  private final ObjectMapper json = new ObjectMapper();
  private final List<String> lineage = new CopyOnWriteArrayList<>();

  @AfterEach
  void noCollector() {
    System.clearProperty(ENDPOINT);
  }

  @Test
  void runsAreToldAndWhoeverDoesNotListenHoldsNobodyUp() throws Exception {
    FileEvents events = FileEvents.deliver(folder, EVENTS);
    int hours = events.expected().size();
    HttpServer server = lineageServer();
    try (OtlpReceiver collector = new OtlpReceiver();
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/lineage";
      System.setProperty(ENDPOINT, collector.endpoint());
      tell(events, url);
      Instant before = Instant.now();

      CommandLineRun first = events.run(TidemarkJobs::run, "rollup", "--json");

      assertThat(first.exit()).as(first.err()).isZero();
      assertThat(first.number("conflicts")).isZero();
      assertThat(first.out()).contains("\"warnings\":[]");
      spansNestAndHoldFigures(collector, hours);
      metricsAddUp(collector, hours, before);
      dashboardShowsOnlyWhatIsEmitted(collector.metrics());
      lineageNamesWhatWasReadAndWritten(first.value("run_id"), hours);
      workIsRecorded(events, hours);

      // A file that was changed after it was taken makes the run fail.
      Files.writeString(folder.resolve("in/events.json"), "\n", StandardOpenOption.APPEND);
      collector.spans().clear();
      lineage.clear();
      CommandLineRun refused = events.run(TidemarkJobs::run, "rollup");
      assertThat(refused.exit()).isEqualTo(3);
      String code = refused.err().replaceFirst("(?s).*(TM-PIP-\\d+): .*", "$1");
      assertThat(only(collector, "job rollup").getStatus().getCode())
          .isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(lineage).hasSize(2);
      JsonNode fail = json.readTree(lineage.get(1));
      assertThat(fail.get("eventType").asText()).isEqualTo("FAIL");
      assertThat(fail.at("/run/facets/errorMessage/message").asText()).isEqualTo(code);
      CommandLineRun status = events.run(TidemarkJobs::run, "status");
      assertThat(status.out())
          .contains("TM-PIP-122: The last rollup failed at ", " with " + code, "Remedy:");

      // Whoever does not answer.
      Files.delete(folder.resolve("in/events.json"));
      System.setProperty(ENDPOINT, "http://127.0.0.1:" + silent.getLocalPort());
      tell(events, "http://127.0.0.1:" + silent.getLocalPort() + "/api/v1/lineage");
      CommandLineRun unheard = events.run(TidemarkJobs::run, "rollup");
      assertThat(unheard.exit()).as(unheard.err()).isZero();
      // Whoever is not there.
      System.setProperty(ENDPOINT, "http://127.0.0.1:1");
      tell(events, "http://127.0.0.1:1/api/v1/lineage");
      CommandLineRun alone = events.run(TidemarkJobs::run, "rollup");
      assertThat(alone.exit()).as(alone.err()).isZero();
      assertThat(alone.out()).contains("Nothing new in the source.");
      assertThat(Files.readAllLines(folder.resolve("lineage.jsonl"))).hasSize(8);
      System.clearProperty(ENDPOINT);
      assertThat(events.run(TidemarkJobs::run, "status").out()).contains("Nothing is to be done.");
    } finally {
      server.stop(0);
    }
  }

  private void spansNestAndHoldFigures(OtlpReceiver collector, int hours) {
    Span run = only(collector, "job rollup");
    Span batch = only(collector, "batch usage_events");
    Span append = only(collector, "append usage_events");
    assertThat(run.getParentSpanId().isEmpty()).isTrue();
    assertThat(batch.getParentSpanId()).isEqualTo(run.getSpanId());
    assertThat(append.getParentSpanId()).isEqualTo(batch.getSpanId());
    assertThat(figure(batch, "rows_read")).isEqualTo(EVENTS);
    assertThat(figure(append, "rows_inserted")).isEqualTo(EVENTS);
    for (String table : List.of("usage_hourly", "usage_daily")) {
      List<Span> units = spans(collector, "unit " + table);
      List<Span> merges = spans(collector, "merge " + table);
      int windows = table.equals("usage_hourly") ? hours : DAYS;
      assertThat(units).hasSize(MONTHS).allMatch(s -> s.getParentSpanId().equals(run.getSpanId()));
      assertThat(merges)
          .extracting(Span::getParentSpanId)
          .containsExactlyInAnyOrderElementsOf(units.stream().map(Span::getSpanId).toList());
      assertThat(units.stream().mapToLong(s -> figure(s, "windows")).sum()).isEqualTo(windows);
      assertThat(units.stream().mapToLong(s -> figure(s, "requests")).sum()).isEqualTo(EVENTS);
      assertThat(merges.stream().mapToLong(s -> figure(s, "rows_inserted")).sum())
          .isEqualTo(windows);
      assertThat(merges).allMatch(s -> figure(s, "bytes_written") > 0);
      assertThat(units)
          .extracting(s -> attributes(s.getAttributesList()).get("tidemark.part"))
          .containsExactlyInAnyOrder("2026-01", "2026-02");
    }
  }

  private void metricsAddUp(OtlpReceiver collector, int hours, Instant before) throws IOException {
    assertThat(sum(collector, "rows", "usage_events", "read")).isEqualTo(EVENTS);
    assertThat(sum(collector, "rows", "usage_events", "inserted")).isEqualTo(EVENTS);
    assertThat(sum(collector, "rows", "usage_hourly", "inserted")).isEqualTo(hours);
    assertThat(sum(collector, "rows", "usage_daily", "inserted")).isEqualTo(DAYS);
    assertThat(sum(collector, "windows", "usage_hourly", null)).isEqualTo(hours);
    assertThat(sum(collector, "conflicts", null, null)).isZero();
    // In a new lake, what lies on disk is what was written.
    for (String table : List.of("usage_events", "usage_hourly", "usage_daily")) {
      List<Long> sizes = sizes(table);
      assertThat(sum(collector, "files", table, "added")).as(table).isEqualTo(sizes.size());
      assertThat(sum(collector, "written", table, null))
          .as(table)
          .isEqualTo(sizes.stream().mapToLong(Long::longValue).sum());
    }
    long asOf =
        metrics(collector, "data_as_of")
            .flatMap(m -> m.getGauge().getDataPointsList().stream())
            .mapToLong(point -> point.getAsInt())
            .max()
            .orElseThrow();
    assertThat(asOf).isBetween(before.getEpochSecond(), Instant.now().getEpochSecond());
  }

  private List<Long> sizes(String table) throws IOException {
    List<Long> sizes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("lake/" + table))) {
      for (Path file : files.toList()) {
        boolean ours = file.getParent().getFileName().toString().contains("=");
        if (ours
            && file.getFileName().toString().endsWith(".parquet")
            && !file.toString().contains("_change_data")) {
          sizes.add(Files.size(file));
        }
      }
    }
    return sizes;
  }

  private void lineageNamesWhatWasReadAndWritten(String runId, int hours) throws IOException {
    assertThat(lineage).hasSize(2);
    assertThat(Files.readAllLines(folder.resolve("lineage.jsonl"))).isEqualTo(lineage);
    JsonNode start = json.readTree(lineage.get(0));
    JsonNode complete = json.readTree(lineage.get(1));
    assertThat(start.get("eventType").asText()).isEqualTo("START");
    assertThat(complete.get("eventType").asText()).isEqualTo("COMPLETE");
    for (JsonNode event : List.of(start, complete)) {
      assertThat(event.at("/run/runId").toString()).isEqualTo(runId);
      assertThat(event.at("/job/namespace").asText()).isEqualTo("test");
      assertThat(event.at("/job/name").asText()).isEqualTo("tidemark.rollup");
      assertThat(event.at("/inputs/0/name").asText()).isEqualTo(folder + "/in");
    }
    assertThat(complete.at("/inputs/0/inputFacets/inputStatistics/rowCount").asInt())
        .isEqualTo(EVENTS);
    Map<String, Long> rows = new TreeMap<>();
    complete
        .get("outputs")
        .forEach(
            output ->
                rows.put(
                    output.get("name").asText(),
                    output.at("/outputFacets/outputStatistics/rowCount").asLong()));
    assertThat(rows)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                folder + "/lake/usage_events", (long) EVENTS,
                folder + "/lake/quarantined_events", 0L,
                folder + "/lake/usage_hourly", (long) hours,
                folder + "/lake/usage_daily", (long) DAYS));
  }

  private void workIsRecorded(FileEvents events, int hours) {
    String sql =
        "SELECT kind, table_name, count(*) AS pieces, sum(rows_inserted) AS rows, sum(windows) AS w,"
            + " min(failure_code) AS code FROM job_work GROUP BY 1, 2 ORDER BY 1, 2";
    assertThat(events.run(TidemarkSql::run, "--format", "csv", "-e", sql).out().lines().skip(1))
        .containsExactly(
            "append,usage_events,1," + EVENTS + ",,",
            "batch,usage_events,1,,,",
            "merge,usage_daily,2," + DAYS + ",,",
            "merge,usage_hourly,2," + hours + ",,",
            "run,,1,,,",
            "unit,usage_daily,2,," + DAYS + ",",
            "unit,usage_hourly,2,," + hours + ",");
    String unended = "SELECT count(*) FROM job_starts LEFT ANTI JOIN job_runs USING (run_id)";
    assertThat(events.run(TidemarkSql::run, "--format", "csv", "-e", unended).out().lines())
        .containsExactly("count(1)", "0");
  }

  /** By the rules of OpenTelemetry for Prometheus: dots become underscores, units are appended. */
  private static void dashboardShowsOnlyWhatIsEmitted(List<Metric> metrics) throws IOException {
    String dashboard = Files.readString(Path.of("../docs/grafana-dashboard-pipeline.json"));
    ConfigFactory.parseString(dashboard);
    // Nothing has failed here, and files do not say when their events arrived.
    Set<String> emitted =
        new TreeSet<>(
            Set.of("tidemark_pipeline_failures_total", "tidemark_pipeline_lag_seconds_bucket"));
    for (Metric metric : metrics) {
      String name = metric.getName().replace('.', '_');
      if (metric.hasHistogram()) {
        List.of("bucket", "count", "sum").forEach(p -> emitted.add(name + "_seconds_" + p));
      } else if (metric.hasGauge()) {
        emitted.add(name + "_seconds");
      } else {
        emitted.add(name + (metric.getUnit().equals("By") ? "_bytes" : "") + "_total");
      }
    }
    Matcher names = Pattern.compile("\\btidemark_pipeline_[a-z_]+\\b").matcher(dashboard);
    Set<String> shown = names.results().map(r -> r.group()).collect(Collectors.toSet());
    assertThat(shown).hasSizeGreaterThan(8);
    assertThat(emitted).containsAll(shown);
  }

  private void tell(FileEvents events, String url) throws IOException {
    Files.writeString(
        events.config(),
        """

        lineage { url = "%s", namespace = test, api-key = key, file = "%s", timeout = 1s }
        """
            .formatted(url, folder.resolve("lineage.jsonl")),
        StandardOpenOption.APPEND);
  }

  private HttpServer lineageServer() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/lineage",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean known =
                "Bearer key".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            if (known) {
              lineage.add(new String(body, StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(known ? 201 : 401, -1);
          }
        });
    server.start();
    return server;
  }

  private static List<Span> spans(OtlpReceiver collector, String name) {
    return collector.spans().stream().filter(s -> s.getName().equals(name)).toList();
  }

  private static Span only(OtlpReceiver collector, String name) {
    List<Span> found = spans(collector, name);
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static long figure(Span span, String name) {
    return Long.parseLong(attributes(span.getAttributesList()).get("tidemark." + name));
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                a ->
                    a.getValue().hasStringValue()
                        ? a.getValue().getStringValue()
                        : String.valueOf(a.getValue().getIntValue())));
  }

  private static Stream<Metric> metrics(OtlpReceiver collector, String name) {
    return collector.metrics().stream()
        .filter(metric -> metric.getName().equals("tidemark.pipeline." + name));
  }

  /** The sum over the points of a table and a change; null for any. */
  private static long sum(OtlpReceiver collector, String name, String table, String change) {
    return metrics(collector, name)
        .flatMap(metric -> metric.getSum().getDataPointsList().stream())
        .filter(
            point -> {
              Map<String, String> attributes = attributes(point.getAttributesList());
              return (table == null || table.equals(attributes.get("tidemark.table")))
                  && (change == null || change.equals(attributes.get("tidemark.change")));
            })
        .mapToLong(point -> point.getAsInt())
        .sum();
  }
}
