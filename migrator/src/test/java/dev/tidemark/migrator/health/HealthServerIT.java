package dev.tidemark.migrator.health;

import static dev.tidemark.migrator.testing.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class HealthServerIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();
  private final HttpClient client = HttpClient.newHttpClient();
  private HealthServer server;

  @Test
  void itTellsWhatChangesWhileItServes() throws Exception {
    changeSet("202601010001_one", "CREATE TABLE one (id int);");
    Config config = config(database);
    HealthCheck up = HealthCheck.of(database, config, true);
    Database nowhere = new Database("jdbc:postgresql://127.0.0.1:1/none", "a", "b");
    HealthCheck down = HealthCheck.of(nowhere, config, true);
    AtomicBoolean isDown = new AtomicBoolean();
    server = start(() -> isDown.get() ? down.check() : up.check());
    try (HealthServer closed = server) {
      assertThat(closed.address().getPort()).isPositive();
      await("/health", body -> body.contains("\"pending\":1") && body.contains("\"ready\":true"));

      Migrator.open(database, config).apply(ApplyOptions.to("202601010001"));
      await(
          "/health",
          body ->
              body.contains("\"schema_version\":\"202601010001\"")
                  && body.contains("\"pending\":0")
                  && body.contains("\"drifted\":false")
                  && !body.contains("\"last_migration_at\":null"));

      try (Connection connection = database.connect()) {
        execute(connection, "ALTER TABLE one ADD COLUMN by_hand int");
      }
      await("/health", body -> body.contains("\"drifted\":true") && body.contains("one.by_hand"));
      CompletableFuture<HttpResponse<String>> first = metrics();
      CompletableFuture<HttpResponse<String>> second = metrics();
      assertThat(first.get().body())
          .contains(
              "tidemark_health_ready 1\n",
              "tidemark_schema_version 202601010001\n",
              "tidemark_change_sets{state=\"applied\"} 1\n",
              "tidemark_schema_drift_differences 1\n");
      assertThat(second.get().statusCode()).isEqualTo(200);

      isDown.set(true);
      await("/readyz", body -> body.startsWith("not ready: No Postgres answers"));
      assertThat(get("/readyz").statusCode()).isEqualTo(503);
      assertThat(get("/livez").statusCode()).isEqualTo(200);
      assertThat(get("/metrics").body())
          .contains("tidemark_health_ready 0\n")
          .doesNotContain("tidemark_schema_version");

      isDown.set(false);
      await("/readyz", body -> body.equals("ready\n"));

      changeSet("202601010002_two", "SELECT 1 / 0;");
      assertThatThrownBy(
              () -> Migrator.open(database, config).apply(ApplyOptions.to("202601010002")))
          .isInstanceOf(MigratorException.class);
      await("/health", body -> body.contains("\"failed\":[\"202601010002\"]"));
      assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aLookThatIsTooOldIsNoAnswerAndATakenPortIsTold() throws Exception {
    HealthReport old = HealthReport.unreachable(Instant.now().minusSeconds(99), "old");
    server = start(() -> old);
    try (HealthServer closed = server) {
      assertThat(closed.address().getPort()).isPositive();
      await(
          "/readyz",
          body ->
              body.contains("the last look at the database is 99 s old")
                  || body.contains("the last look at the database is 100 s old"));
      assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
      assertThat(get("/nothing").statusCode()).isEqualTo(404);
      int taken = server.address().getPort();
      assertThatThrownBy(
              () ->
                  HealthServer.start(
                      () -> old, "127.0.0.1", taken, Duration.ofSeconds(1), Duration.ofSeconds(1)))
          .hasMessageContaining("TM-MIG-135");
    }
  }

  @Test
  void theLastMigrationIsTheYoungestForwardOrBack() throws Exception {
    changeSet("202601010001_one", "CREATE TABLE one (id int);");
    changeSet("202601010002_two", "SELECT 2;");
    Config config = config(database);
    HealthCheck check = HealthCheck.of(database, config, false);
    assertThat(check.check().lastMigrationAt()).isEmpty();

    Migrator.open(database, config).apply(ApplyOptions.to("202601010001"));
    Instant first = check.check().lastMigrationAt().orElseThrow();
    Migrator.open(database, config).apply(ApplyOptions.all());
    Instant second = check.check().lastMigrationAt().orElseThrow();
    assertThat(second).isAfter(first);
    Migrator.open(database, config).rollback(new RollbackOptions.Last(1));
    assertThat(check.check().lastMigrationAt().orElseThrow()).isAfter(second);
  }

  @Test
  void aLookThatFailsIsToldAndNotTheLast() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    server =
        start(
            () -> {
              if (broken.get()) {
                throw new IllegalStateException("out of order");
              }
              return HealthReport.unreachable(Instant.now(), "looked again");
            });
    try (HealthServer closed = server) {
      assertThat(closed.address().getPort()).isPositive();
      await("/readyz", body -> body.contains("the check failed: out of order"));
      broken.set(false);
      await("/readyz", body -> body.contains("looked again"));
    }
  }

  private static HealthServer start(Supplier<HealthReport> check) {
    return HealthServer.start(
        check, "127.0.0.1", 0, Duration.ofMillis(200), Duration.ofSeconds(60));
  }

  private Config config(Database target) {
    return Settings.parse(
        "migrate { change-sets = \"%s\", lint = off, shadow-url = \"%s\" }, database.url = \"%s\""
            .formatted(folder.resolve("sets"), target.completeJdbcUrl(), target.completeJdbcUrl()));
  }

  private void changeSet(String name, String apply) throws IOException {
    Path set = Files.createDirectories(folder.resolve("sets").resolve(name));
    Files.writeString(set.resolve("apply.sql"), apply);
    Files.writeString(set.resolve("rollback.sql"), "SELECT 1;");
    Files.writeString(set.resolve("verify.sql"), "SELECT true;");
    Files.writeString(
        set.resolve("changeset.conf"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[one], phase=expand");
  }

  private CompletableFuture<HttpResponse<String>> metrics() {
    return client.sendAsync(request("/metrics"), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path), BodyHandlers.ofString());
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + path))
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  /** The product promises a minute. */
  private void await(String path, Predicate<String> wanted) throws Exception {
    long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    String body = get(path).body();
    while (!wanted.test(body)) {
      assertThat(System.nanoTime()).as(body).isLessThan(until);
      Thread.sleep(100);
      body = get(path).body();
    }
  }
}
