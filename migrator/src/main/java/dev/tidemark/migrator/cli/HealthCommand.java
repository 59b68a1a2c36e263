package dev.tidemark.migrator.cli;

import com.typesafe.config.Config;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.health.HealthCheck;
import dev.tidemark.migrator.health.HealthReport;
import dev.tidemark.migrator.health.HealthServer;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code migrate health}: how database and schema are, for probes and dashboards. */
@Command(
    name = "health",
    description = "Tell whether the database is ready, at which version, and whether it drifted")
@Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH, ExitCode.PARTIAL})
final class HealthCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration OLDEST = Duration.ofMinutes(2);

  private final Console console;

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description =
          "serve /livez, /readyz, /health and /metrics until stopped; 0 takes a free port")
  private Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "where to listen (default: ${DEFAULT-VALUE})")
  private String bind;

  @Option(
      names = "--no-drift",
      description = "do not compare the schema with what its change sets make")
  private boolean noDrift;

  HealthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    Config config = console.config();
    try (DatabaseLease lease = Databases.open(config)) {
      HealthCheck check = HealthCheck.of(lease.database(), config, !noDrift);
      if (port == null) {
        HealthReport report = check.check();
        console.show(new HealthShown(report));
        return exitCode(report).number();
      }
      try (HealthServer server = HealthServer.start(check::check, bind, port, PAUSE, OLDEST)) {
        InetSocketAddress address = server.address();
        console.note(
            "Serving http://%s:%d/health, /metrics, /livez and /readyz; Ctrl-C ends it."
                .formatted(bind, address.getPort()));
        new CountDownLatch(1).await();
        return ExitCode.DONE.number();
      }
    }
  }

  private static ExitCode exitCode(HealthReport report) {
    if (report.unreachable().isPresent()) {
      return ExitCode.UNREACHABLE;
    }
    if (!report.failed().isEmpty()) {
      return ExitCode.PARTIAL;
    }
    boolean same = report.different().isEmpty() && report.drift().differences().isEmpty();
    return same ? ExitCode.DONE : ExitCode.MISMATCH;
  }
}
