package dev.tidemark.migrator.seed;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.rotation.KeyRotation;
import dev.tidemark.migrator.rotation.RotationOptions;
import dev.tidemark.migrator.testing.Contents;
import dev.tidemark.migrator.testing.MigrateProcess;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.TestKeys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedInterruptionIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final TestKeys KEYS = TestKeys.create();
  private static final String UNTIL = "2026-11-21T06:00:00Z";
  private static final SeedSettings SETTINGS =
      new SeedSettings(true, "tidemark-development", Optional.of(Instant.parse(UNTIL)));

  /** Three chunks, the last one not full. */
  private static final int ORGANIZATIONS = 12_000;

  private static Map<String, String> uninterrupted;
  private static Map<String, String> uninterruptedScale;

  @TempDir Path folder;

  private final Database database = POSTGRES.newMigratedDatabase();

  @BeforeAll
  static void seedWithoutInterruption() throws Exception {
    Database reference = POSTGRES.newMigratedDatabase();
    seeder(reference).seed();
    uninterrupted = Contents.of(reference);
    Database scaled = POSTGRES.newMigratedDatabase();
    seeder(scaled).scale(ORGANIZATIONS);
    uninterruptedScale = Contents.of(scaled);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void killedAnywhereAndRunAgainItEndsTheSame(long seed) throws Exception {
    killSomeRuns(new Random(seed), 900, "seed");

    assertThat(runPatiently("seed")).isZero();

    assertThat(Contents.of(database)).isEqualTo(uninterrupted);
    assertEveryValueOpens();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3})
  void killedAnywhereManyOrganizationsEndTheSame(long seed) throws Exception {
    String scale = String.valueOf(ORGANIZATIONS);
    killSomeRuns(new Random(seed), 3_000, "seed", "--scale", scale);

    assertThat(runPatiently("seed", "--scale", scale)).isZero();

    assertThat(Contents.of(database)).isEqualTo(uninterruptedScale);
    assertEveryValueOpens();
  }

  @Test
  void twoAtOnceEndLikeOne() throws Exception {
    CompletableFuture<Boolean> one = CompletableFuture.supplyAsync(this::seedOrFindBusy);
    CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(this::seedOrFindBusy);

    assertThat(Stream.of(one.get(), other.get())).contains(true);
    assertThat(Contents.of(database)).isEqualTo(uninterrupted);
  }

  @Test
  void aLaterRunAddsTheUsageSinceAndNothingElse() throws Exception {
    Instant halfWay = Instant.parse("2026-11-21T00:00:00Z");
    Seeder.of(
            database, KEYS.keys(), new SeedSettings(true, SETTINGS.secret(), Optional.of(halfWay)))
        .seed();
    String before = value(database, "SELECT count(*) FROM usage_events");

    SeedResult later = seeder(database).seed();

    assertThat(later.rows()).isPositive();
    assertThat(
            value(
                database,
                "SELECT count(*) FROM usage_events WHERE occurred_at < '%s'".formatted(halfWay)))
        .isEqualTo(before);
    assertThat(seeder(database).seed().rows()).isZero();
  }

  /** Kills three runs, each some time after it has connected. */
  private void killSomeRuns(Random random, int mostMillis, String... arguments) throws Exception {
    for (int run = 0; run < 3; run++) {
      MigrateProcess process = MigrateProcess.start(folder, config(), arguments);
      awaitSession(process);
      Thread.sleep(random.nextInt(mostMillis));
      process.kill();
    }
  }

  /** The session of a killed process ends when the server notices, and holds the lock as long. */
  private int runPatiently(String... arguments) throws Exception {
    int exit;
    do {
      exit = MigrateProcess.run(folder, config(), arguments);
    } while (exit == ExitCode.BUSY.number());
    return exit;
  }

  private boolean seedOrFindBusy() {
    try {
      seeder(database).seed();
      return true;
    } catch (MigratorException e) {
      assertThat(e.exitCode()).isEqualTo(ExitCode.BUSY);
      return false;
    }
  }

  private void assertEveryValueOpens() {
    assertThat(
            KeyRotation.of(database, KEYS.keys())
                .rotate(new RotationOptions(true, false, true))
                .columns())
        .allMatch(column -> column.encrypted() == 0 && column.hashed() == 0);
  }

  private void awaitSession(MigrateProcess process) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (process.process().isAlive()
        && column(
                database,
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
            .isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private Config config() {
    return KEYS.config(database).withValue("seed.until", ConfigValueFactory.fromAnyRef(UNTIL));
  }

  private static Seeder seeder(Database database) {
    return Seeder.of(database, KEYS.keys(), SETTINGS);
  }
}
