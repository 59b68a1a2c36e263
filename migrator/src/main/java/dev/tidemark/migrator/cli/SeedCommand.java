package dev.tidemark.migrator.cli;

import com.typesafe.config.Config;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.Recording;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.seed.SeedResult;
import dev.tidemark.migrator.seed.SeedSettings;
import dev.tidemark.migrator.seed.Seeder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code migrate seed}: development data. */
@Command(
    name = "seed",
    description = "Add development data; run again, it adds only what is missing")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH})
final class SeedCommand implements Callable<Integer> {
  private static final long MOST = 1_000_000_000;

  private final Console console;

  @Option(
      names = "--scale",
      paramLabel = "N",
      description = "add N organizations for load tests in place of the sample ones")
  private Long scale;

  SeedCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (scale != null && (scale < 1 || scale > MOST)) {
      throw MigratorFailures.badScale(scale, MOST);
    }
    Config config = console.config();
    SeedSettings settings = SeedSettings.of(config);
    SecretKeys keys = SecretKeys.of(config);
    console.show(new SeedReport(seed(config, keys, settings)));
    return ExitCode.DONE.number();
  }

  private SeedResult seed(Config config, SecretKeys keys, SeedSettings settings) {
    try (DatabaseLease lease = Databases.open(config);
        Progress progress = console.progress()) {
      Seeder seeder =
          Seeder.of(lease.database(), keys, settings)
              .observedBy(progress::update)
              .recordedBy(Recording.of(config));
      return scale == null ? seeder.seed() : seeder.scale(scale);
    }
  }
}
