package dev.tidemark.migrator.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves how a database is. It is looked at in the background, one look after the other; requests
 * are answered from the last look and wait for nothing.
 */
public final class HealthServer implements AutoCloseable {
  private static final int THREADS = 4;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Duration oldest;
  private volatile HealthReport latest =
      HealthReport.unreachable(Instant.now(), "the database has not been looked at yet");

  private HealthServer(HttpServer http, Duration oldest) {
    this.http = http;
    this.oldest = oldest;
  }

  /**
   * Begins to look and to serve.
   *
   * @param bind a name or address of this machine
   * @param port 0 takes any that is free
   * @param pause how long it waits from one look to the next
   * @param oldest how old a look may be before the database counts as one that does not answer
   * @throws dev.tidemark.migrator.failure.MigratorException if nothing can listen there
   */
  public static HealthServer start(
      Supplier<HealthReport> check, String bind, int port, Duration pause, Duration oldest) {
    if (port < 0 || port > 65535) {
      throw MigratorFailures.badPort(port);
    }
    // Whoever connects and says nothing does not keep a thread.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getByName(bind), port), 0);
      HealthServer server = new HealthServer(http, oldest);
      server.start(check, pause);
      return server;
    } catch (IOException e) {
      throw MigratorFailures.healthCannotListen(bind + ":" + port, e);
    }
  }

  private void start(Supplier<HealthReport> check, Duration pause) {
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
    clock.scheduleWithFixedDelay(
        () -> latest = look(check), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A check that throws must not be the last. */
  private static HealthReport look(Supplier<HealthReport> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      return HealthReport.unreachable(Instant.now(), "the check failed: " + e.getMessage());
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
    clock.shutdownNow();
  }

  private HealthReport report() {
    HealthReport report = latest;
    Duration age = Duration.between(report.checkedAt(), Instant.now());
    return age.compareTo(oldest) <= 0
        ? report
        : HealthReport.unreachable(
            report.checkedAt(), "the last look at the database is " + age.toSeconds() + " s old");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, "text/plain", "GET or HEAD only\n");
        return;
      }
      HealthReport report = report();
      boolean ready = report.notReady().isEmpty();
      switch (exchange.getRequestURI().getPath()) {
        case "/livez" -> send(exchange, 200, "text/plain", "live\n");
        case "/readyz" ->
            send(
                exchange,
                ready ? 200 : 503,
                "text/plain",
                report.notReady().map(reason -> "not ready: " + reason).orElse("ready") + "\n");
        case "/health" ->
            send(
                exchange,
                ready ? 200 : 503,
                "application/json",
                Json.write(HealthText.json(report)) + "\n");
        case "/metrics" ->
            send(exchange, 200, "text/plain; version=0.0.4", HealthText.prometheus(report));
        default -> send(exchange, 404, "text/plain", "/livez /readyz /health /metrics\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
