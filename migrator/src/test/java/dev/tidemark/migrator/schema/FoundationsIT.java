package dev.tidemark.migrator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.OperationResult;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.postgres.LocalServer.StopMode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.state.Resolution;
import dev.tidemark.migrator.testing.Sql;
import dev.tidemark.migrator.testing.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** On a server of its own, where the roles are not there yet. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FoundationsIT {
  private static final String VERSION = "202611210900";

  private static final String ROLES =
      "SELECT rolname FROM pg_roles WHERE rolname LIKE 'tidemark\\__%' ORDER BY 1";

  private static final List<String> ALL =
      List.of(
          "tidemark_analytics",
          "tidemark_auditor",
          "tidemark_extraction",
          "tidemark_migration",
          "tidemark_seeding",
          "tidemark_service");

  private static Path folder;
  private static LocalServer server;

  @BeforeAll
  static void start() {
    folder = TestServers.newFolder();
    server = TestServers.server(folder, TestServers.CARELESS);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(StopMode.IMMEDIATE);
    TestServers.delete(folder);
  }

  @Test
  @Order(1)
  void anOwnerWhoMayNotMakeRolesIsToldWhatAnAdministratorHasToRun() throws SQLException {
    Sql.execute(
        server.asSuperuser("postgres"),
        "CREATE ROLE plain LOGIN PASSWORD 'x'",
        "CREATE DATABASE plain OWNER plain");
    Database plain = new Database(server.database().named("plain").jdbcUrl(), "plain", "x");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> apply(plain))
        .withMessageContaining(
            "the role plain may not make what isolates tenants; have an administrator run:"
                + " CREATE ROLE tidemark_service NOLOGIN; CREATE ROLE tidemark_analytics NOLOGIN;"
                + " CREATE ROLE tidemark_auditor NOLOGIN; CREATE ROLE tidemark_extraction NOLOGIN;"
                + " CREATE ROLE tidemark_migration NOLOGIN; CREATE ROLE tidemark_seeding NOLOGIN;"
                + " GRANT tidemark_migration TO plain;");
    assertThat(Sql.column(plain, ROLES)).isEmpty();
  }

  /** The other migrator's transaction is open while ours wants to make the same role. */
  @Test
  @Order(2)
  void aRoleThatAnotherMigratorMakesAtTheSameTimeIsTakenAsItIs() throws Exception {
    Database database = server.database();
    CompletableFuture<OperationResult> applied;
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      Sql.execute(
          other,
          "CREATE ROLE tidemark_auditor NOLOGIN",
          "CREATE ROLE tidemark_migration NOLOGIN",
          "GRANT tidemark_migration TO CURRENT_USER");
      applied = CompletableFuture.supplyAsync(() -> apply(database));
      while (Sql.value(
              database,
              "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                  + " AND wait_event = 'transactionid'")
          .equals("0")) {
        Thread.sleep(10);
      }
      other.commit();
    }

    assertThat(applied.get(60, TimeUnit.SECONDS).steps()).hasSize(1);
    assertThat(Sql.column(database, ROLES)).isEqualTo(ALL);
    assertThat(Sql.value(database, "SELECT pg_has_role('tidemark_migration', 'USAGE')"))
        .isEqualTo("t");
  }

  @Test
  @Order(3)
  void whereTheRolesAreThereAnOwnerWithoutRightsToMakeThemNeedsOneGrant() throws SQLException {
    Database plain = new Database(server.database().named("plain").jdbcUrl(), "plain", "x");

    resolve(plain);
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> apply(plain))
        .withMessageContaining("run: GRANT tidemark_migration TO plain;");
    Sql.execute(server.asSuperuser("postgres"), "GRANT tidemark_migration TO plain");
    resolve(plain);
    assertThat(apply(plain).steps()).hasSize(1);
  }

  private static void resolve(Database database) {
    Migrator.open(database, Settings.parse(""))
        .resolve(VERSION, Resolution.RETRY, "An administrator did what the message asked for");
  }

  private static OperationResult apply(Database database) {
    return Migrator.open(database, Settings.parse("")).apply(ApplyOptions.to(VERSION));
  }
}
