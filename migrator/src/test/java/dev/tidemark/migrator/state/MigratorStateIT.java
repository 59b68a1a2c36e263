package dev.tidemark.migrator.state;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigratorStateIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final Database database = POSTGRES.newDatabase();

  @Test
  void theTablesAreMadeOnceAndEveryColumnSaysWhatItIs() throws SQLException {
    ensure();
    List<String> first = column(database, "SELECT script FROM tidemark.state_versions");
    ensure();

    assertThat(column(database, "SELECT script FROM tidemark.state_versions"))
        .isEqualTo(first)
        .contains("0001-journal");
    assertThat(
            column(
                database,
                "SELECT attrelid::regclass || '.' || attname FROM pg_attribute"
                    + " JOIN pg_class c ON c.oid = attrelid"
                    + " WHERE relnamespace = 'tidemark'::regnamespace AND relkind = 'r'"
                    + " AND attnum > 0 AND col_description(attrelid, attnum) IS NULL"))
        .isEmpty();
  }

  @Test
  void everyTableIsKnownByName() throws SQLException {
    ensure();

    assertThat(column(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'tidemark'"))
        .containsExactlyInAnyOrderElementsOf(MigratorState.TABLES);
  }

  @Test
  void severalSessionsMayComeAtOnce() {
    List<CompletableFuture<Void>> sessions =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> {
                          try {
                            ensure();
                          } catch (SQLException e) {
                            throw new IllegalStateException(e);
                          }
                        }))
            .toList();

    assertThat(sessions).allSatisfy(session -> assertThat(session.join()).isNull());
  }

  @Test
  void othersMayNotLookIntoThem() throws SQLException {
    ensure();
    String role = "curious_" + ProcessHandle.current().pid();
    execute(database, "CREATE ROLE " + role);

    assertThat(
            value(
                database, "SELECT has_schema_privilege('%s', 'tidemark', 'USAGE')".formatted(role)))
        .isEqualTo("f");
    execute(database, "DROP ROLE " + role);
  }

  @Test
  void tablesOfANewerProgramAreLeftAlone() throws SQLException {
    ensure();
    execute(database, "INSERT INTO tidemark.state_versions (script) VALUES ('0999-future')");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(this::ensure)
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-041"))
        .withMessageContaining("0999-future");
  }

  private void ensure() throws SQLException {
    try (Connection connection = database.connect()) {
      MigratorState.ensure(connection);
      assertThat(connection.getAutoCommit()).isTrue();
    }
  }
}
