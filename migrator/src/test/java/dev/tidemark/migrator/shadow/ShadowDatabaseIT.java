package dev.tidemark.migrator.shadow;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShadowDatabaseIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String NEVER_OWNED = "tidemark_shadow_00000000deadbeef";
  private static final String OF_ANOTHER_KIND = "tidemark_shadow_of_sundials";

  private final Config config =
      Settings.parse("migrate.shadow-url = \"%s\"".formatted(POSTGRES.server().completeJdbcUrl()));

  @Test
  void whatAnOwnerWhoIsGoneLeftBehindIsDroppedAndNothingElse() throws Exception {
    execute(
        POSTGRES.server(), "CREATE DATABASE " + NEVER_OWNED, "CREATE DATABASE " + OF_ANOTHER_KIND);
    try (ShadowDatabase alive = ShadowDatabase.open(config)) {
      assertThat(throwAways()).containsExactlyInAnyOrder(OF_ANOTHER_KIND, name(alive));

      ShadowDatabase killed = ShadowDatabase.open(config);
      assertThat(throwAways()).contains(name(alive), name(killed));
      endOwnerOf(name(killed));
      try (ShadowDatabase next = ShadowDatabase.open(config)) {
        assertThat(throwAways())
            .containsExactlyInAnyOrder(OF_ANOTHER_KIND, name(alive), name(next));
        // What is dropped already is no trouble to its owner.
        killed.close();
      }
      assertThat(throwAways()).containsExactlyInAnyOrder(OF_ANOTHER_KIND, name(alive));
    } finally {
      execute(POSTGRES.server(), "DROP DATABASE " + OF_ANOTHER_KIND);
    }
    assertThat(throwAways()).isEmpty();
  }

  @Test
  void anOwnerAtWorkKeepsItAlsoWithoutHisLock() throws Exception {
    try (ShadowDatabase cutOff = ShadowDatabase.open(config)) {
      String name = name(cutOff);
      try (Connection work = cutOff.database().connect()) {
        execute(work, "CREATE TABLE result (id int)");
        endOwnerOf(name);

        ShadowDatabase.open(config).close();

        assertThat(throwAways()).containsExactly(name);
        execute(work, "INSERT INTO result VALUES (1)");
      }
      awaitNoSession(name);
      ShadowDatabase.open(config).close();
      assertThat(throwAways()).isEmpty();
    }
  }

  @Test
  void ownersAtTheSameTimeKeepWhatIsTheirs() throws Exception {
    Callable<Void> owner =
        () -> {
          for (int round = 0; round < 5; round++) {
            try (ShadowDatabase mine = ShadowDatabase.open(config)) {
              execute(mine.database(), "CREATE TABLE result (id int)");
              // No session of mine is there now.
              ShadowDatabase.open(config).close();
              execute(mine.database(), "INSERT INTO result VALUES (1)");
            }
          }
          return null;
        };
    ExecutorService owners = Executors.newFixedThreadPool(2);
    try {
      for (Future<Void> done : owners.invokeAll(List.of(owner, owner))) {
        done.get();
      }
    } finally {
      owners.shutdownNow();
    }
    assertThat(throwAways()).isEmpty();
  }

  private static void awaitNoSession(String name) throws Exception {
    String sessions = "SELECT pid::text FROM pg_stat_activity WHERE datname = '%s'".formatted(name);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!column(POSTGRES.server(), sessions).isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private static List<String> throwAways() throws SQLException {
    return column(
        POSTGRES.server(), "SELECT datname FROM pg_database WHERE datname LIKE 'tidemark_shadow%'");
  }

  private static String name(ShadowDatabase shadow) throws SQLException {
    return column(shadow.database(), "SELECT current_database()").get(0);
  }

  /** As the server does it when a killed client's connection breaks. */
  private static void endOwnerOf(String name) throws Exception {
    long number = Long.parseUnsignedLong(name.substring("tidemark_shadow_".length()), 16);
    String owner =
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
            + " AND classid::bigint = %d AND objid::bigint = %d"
                .formatted(number >>> 32, number & 0xFFFF_FFFFL);
    String process = column(POSTGRES.server(), owner).get(0);
    execute(POSTGRES.server(), "SELECT pg_terminate_backend(%s)".formatted(process));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!column(POSTGRES.server(), owner).isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(10);
    }
  }
}
