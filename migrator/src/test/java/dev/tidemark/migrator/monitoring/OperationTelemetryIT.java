package dev.tidemark.migrator.monitoring;

import static dev.tidemark.migrator.testing.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.cli.TidemarkMigrate;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.OtlpReceiver;
import dev.tidemark.migrator.testing.PostgresExtension;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets of operations, decoded with OpenTelemetry's own classes. */
class OperationTelemetryIT {
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void writeConfiguration() throws IOException {
    write("202601010001_one", "CREATE TABLE one (id int);\nINSERT INTO one VALUES (4711), (4712);");
    Files.writeString(
        folder.resolve("my.conf"),
        "migrate { change-sets = \"%s\", lint = off, lock-timeout = 300ms, lock-pause = 10ms, lock-attempts = 2 }, database.url = \"%s\""
            .formatted(folder.resolve("sets"), database.completeJdbcUrl()));
  }

  @AfterEach
  void noCollector() {
    System.clearProperty(ENDPOINT);
  }

  @Test
  void spansNestAndMetricsCount() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver()) {
      System.setProperty(ENDPOINT, collector.endpoint());
      assertThat(tidemark("apply")).isZero();

      Span operation = only(collector, "migrate apply");
      Span run = only(collector, "apply change set");
      Span insert = only(collector, "INSERT");
      assertThat(operation.getParentSpanId().isEmpty()).isTrue();
      assertThat(run.getParentSpanId()).isEqualTo(operation.getSpanId());
      assertThat(insert.getParentSpanId()).isEqualTo(run.getSpanId());
      assertThat(only(collector, "CREATE").getParentSpanId()).isEqualTo(run.getSpanId());
      assertThat(only(collector, "verify SELECT").getParentSpanId()).isEqualTo(run.getSpanId());
      assertThat(attributes(run.getAttributesList()))
          .containsEntry("tidemark.change_set.version", "202601010001")
          .containsEntry("tidemark.outcome", "done");
      assertThat(attributes(insert.getAttributesList()))
          .containsEntry("db.system.name", "postgresql")
          .containsEntry("db.operation.name", "INSERT")
          .containsEntry("tidemark.statement.number", "2")
          .containsEntry("tidemark.statement.affected_rows", "2")
          .containsKeys("tidemark.statement.hash", "server.address", "db.namespace");
      assertThat(sum(collector, "tidemark.migrator.statements")).isEqualTo(3);
      assertThat(sum(collector, "tidemark.migrator.rows")).isEqualTo(2);
      assertThat(count(collector, "db.client.operation.duration")).isEqualTo(3);
      assertThat(count(collector, "tidemark.migrator.operation.duration")).isEqualTo(1);

      write("202601010002_two", "ALTER TABLE one ADD COLUMN c int;");
      try (Connection blocker = database.connect()) {
        blocker.setAutoCommit(false);
        execute(blocker, "LOCK TABLE one IN ACCESS SHARE MODE");
        assertThat(tidemark("apply")).isEqualTo(5);
      }
      Span blocked = only(collector, "ALTER");
      assertThat(blocked.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(attributes(blocked.getAttributesList()))
          .containsEntry("db.response.status_code", "55P03")
          .containsEntry("tidemark.statement.attempts", "2");
      assertThat(count(collector, "tidemark.migrator.lock_wait.duration")).isEqualTo(1);
      assertThat(sum(collector, "tidemark.migrator.lock_retries")).isEqualTo(1);
      assertThat(sum(collector, "tidemark.migrator.failures")).isEqualTo(1);

      write("202601010002_two", "INSERT INTO one VALUES (4713 / 0);");
      assertThat(tidemark("apply")).isEqualTo(7);
      assertThat(collector.spans().toString() + collector.metrics()).doesNotContain("4711", "4713");
      assertThat(collector.spans())
          .filteredOn(span -> span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR)
          .extracting(Span::getName)
          .containsExactlyInAnyOrder(
              "ALTER",
              "apply change set",
              "migrate apply",
              "INSERT",
              "apply change set",
              "migrate apply");
      assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("Telemetry");
      dashboardShowsOnlyWhatIsEmitted(collector.metrics());
    }
  }

  @Test
  void spansEndWithALostConnectionThatNobodySawTheStatementEndOf() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver()) {
      System.setProperty(ENDPOINT, collector.endpoint());
      write("202601010001_one", "SELECT pg_terminate_backend(pg_backend_pid());");
      assertThat(tidemark("apply")).isEqualTo(4);

      Span run = only(collector, "apply change set");
      Span statement = only(collector, "SELECT");
      assertThat(statement.getParentSpanId()).isEqualTo(run.getSpanId());
      assertThat(List.of(run, statement))
          .allSatisfy(
              span ->
                  assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR));
      assertThat(attributes(run.getAttributesList()))
          .containsEntry("tidemark.outcome", "unknown")
          .containsKey("error.type");
    }
  }

  @Test
  void aCollectorThatIsNotThereIsToldOnce() {
    System.setProperty(ENDPOINT, "http://127.0.0.1:1");

    assertThat(tidemark("apply")).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).containsOnlyOnce("Telemetry is not delivered");
  }

  /** By the rules of OpenTelemetry for Prometheus: dots become underscores, units are appended. */
  private static void dashboardShowsOnlyWhatIsEmitted(List<Metric> metrics) throws IOException {
    String dashboard = Files.readString(Path.of("../docs/grafana-dashboard.json"));
    ConfigFactory.parseString(dashboard);
    Set<String> emitted =
        Set.of(
                "tidemark_health_ready",
                "tidemark_schema_version",
                "tidemark_change_sets",
                "tidemark_last_migration_timestamp_seconds",
                "tidemark_schema_drift_differences")
            .stream()
            .collect(Collectors.toCollection(TreeSet::new));
    for (Metric metric : metrics) {
      String name = metric.getName().replace('.', '_');
      if (metric.hasHistogram()) {
        List.of("bucket", "count", "sum").forEach(p -> emitted.add(name + "_seconds_" + p));
      } else {
        emitted.add(name + "_total");
      }
    }
    Matcher names =
        Pattern.compile("\\b(?:tidemark|db)_[a-z_]+\\b(?=[\\[{)\\s\"])").matcher(dashboard);
    Set<String> shown = names.results().map(r -> r.group()).collect(Collectors.toSet());
    shown.removeAll(
        Set.of("tidemark_operation", "tidemark_script", "tidemark_outcome", "db_operation_name"));
    assertThat(shown).hasSizeGreaterThan(8);
    assertThat(emitted).containsAll(shown);
  }

  private void write(String name, String apply) throws IOException {
    Path set = Files.createDirectories(folder.resolve("sets").resolve(name));
    Files.writeString(set.resolve("apply.sql"), apply);
    Files.writeString(set.resolve("rollback.sql"), "SELECT 1;");
    Files.writeString(set.resolve("verify.sql"), "SELECT to_regclass('one') IS NOT NULL;");
    Files.writeString(
        set.resolve("changeset.conf"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[one], phase=expand");
  }

  private int tidemark(String command) {
    Console console =
        new Console(new PrintStream(new ByteArrayOutputStream()), new PrintStream(err), false);
    return TidemarkMigrate.run(
        console, "migrate", command, "--config", folder.resolve("my.conf").toString());
  }

  private static Span only(OtlpReceiver collector, String name) {
    List<Span> found = collector.spans().stream().filter(s -> s.getName().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
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

  private static long sum(OtlpReceiver collector, String name) {
    return collector.metrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .flatMap(metric -> metric.getSum().getDataPointsList().stream())
        .mapToLong(point -> point.getAsInt())
        .sum();
  }

  private static long count(OtlpReceiver collector, String name) {
    return collector.metrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .flatMap(metric -> metric.getHistogram().getDataPointsList().stream())
        .mapToLong(point -> point.getCount())
        .sum();
  }
}
