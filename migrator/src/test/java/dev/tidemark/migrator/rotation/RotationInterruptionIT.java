package dev.tidemark.migrator.rotation;

import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.seed.SeedSettings;
import dev.tidemark.migrator.seed.Seeder;
import dev.tidemark.migrator.testing.Contents;
import dev.tidemark.migrator.testing.MigrateProcess;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.TestKeys;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationInterruptionIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final int VALUES = 6_000;
  private static final TestKeys OLD = TestKeys.create();
  private static final TestKeys NEW = OLD.rotated();

  @TempDir Path folder;

  private final Database database = POSTGRES.newMigratedDatabase();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1})
  void killedAtAnyPointItIsFinishedByAnotherRun(long seed) throws Exception {
    Seeder.of(database, OLD.keys(), new SeedSettings(true, "s", Optional.empty())).scale(VALUES);
    Map<String, String> before = Contents.of(database);
    TestKeys target = OLD.with("TIDEMARK_KEYSET", NEW.lines().get("TIDEMARK_KEYSET")).rehashed();
    Random random = new Random(seed);
    int kills = 0;
    for (int third = 1; third <= 3; third++) {
      long point = rotated() + 1 + random.nextInt(VALUES / 4);
      MigrateProcess process =
          MigrateProcess.start(folder, target.config(database), "keys", "rotate", "--email-hash");
      while (process.process().isAlive() && rotated() < point) {
        Thread.sleep(5);
      }
      process.kill();
      kills += rotated() < VALUES ? 1 : 0;
    }
    assertThat(kills).as("runs killed in the middle").isPositive();

    int exit;
    do {
      exit = MigrateProcess.run(folder, target.config(database), "keys", "rotate", "--email-hash");
    } while (exit == ExitCode.BUSY.number());

    assertThat(exit).isZero();
    assertThat(rotated()).isEqualTo(VALUES);
    // Every value opens with the new key alone and has the hash of the new hash key.
    RotationResult check =
        KeyRotation.of(database, target.without(OLD.keys().keyset().primaryKeyId()).keys())
            .rotate(new RotationOptions(true, false, true));
    assertThat(check.columns())
        .allMatch(column -> column.encrypted() == 0 && column.hashed() == 0)
        .anyMatch(column -> column.values() == VALUES);
    // Each was rotated once: the killed batches left nothing, the finished ones were not repeated.
    assertThat(value(database, "SELECT count(*) FROM secret_rotation_logs"))
        .isEqualTo(String.valueOf(VALUES));
    assertThat(Contents.of(database))
        .containsEntry("api_keys", before.get("api_keys"))
        .containsEntry("organizations", before.get("organizations"));
  }

  private long rotated() throws Exception {
    return Long.parseLong(
        value(
            database,
            "SELECT count(*) FROM users WHERE email_key_id = '%s'"
                .formatted(NEW.keys().keyset().primaryKeyId())));
  }
}
