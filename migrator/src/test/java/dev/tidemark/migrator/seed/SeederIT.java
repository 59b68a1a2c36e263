package dev.tidemark.migrator.seed;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SeederIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @Test
  void runAgainItAddsNothing() {
    Map<String, String> keys = SecretKeys.fresh();
    Config config =
        Settings.parse(
            "secrecy { email-hash-key = \"%s\", keyset = \"%s\" }"
                .formatted(keys.get("EMAIL_HASH_KEY"), keys.get("TIDEMARK_KEYSET")));
    Database database = POSTGRES.newMigratedDatabase();
    Seeder seeder =
        Seeder.of(
            database,
            SecretKeys.of(config),
            new SeedSettings(true, "secret", Optional.of(Instant.parse("2026-11-21T06:00:00Z"))));
    long t = System.nanoTime();
    System.err.println(seeder.seed());
    System.err.println((System.nanoTime() - t) / 1e9);
    assertThat(seeder.seed().rows()).isZero();
    for (int n : new int[] {20000, 50000, 50000}) {
      t = System.nanoTime();
      System.err.println(seeder.scale(n));
      System.err.println((System.nanoTime() - t) / 1e9);
    }
  }
}
