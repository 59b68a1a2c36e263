package dev.tidemark.migrator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * SQL that is tried on the rows of two tenants: each trial is one transaction, which is undone, so
 * that the next one finds the same rows.
 *
 * <p>In SQL and in messages {@code $name} is an identifier of the first tenant, {@code
 * $second.name} one of the second; a name always gives the same identifier.
 */
final class Trial {
  private static final Pattern NAME = Pattern.compile("\\$(second\\.)?([a-z][a-z0-9_]*)");

  private final Database database;

  private Trial(Database database) {
    this.database = database;
  }

  /**
   * Fills a database.
   *
   * @param scripts resources of the folder {@code tenants}, each run for both tenants
   */
  static Trial with(Database database, String... scripts) {
    Trial trial = new Trial(database);
    for (String script : scripts) {
      String sql = resource("tenants/" + script + ".sql");
      trial.commit(sql);
      trial.commit(sql.replace("$", "$second."));
    }
    return trial;
  }

  /** The last statement must be refused with this message, and with a hint if a trigger does it. */
  void assertRefused(String message, String... statements) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < statements.length - 1; i++) {
        Sql.execute(connection, sql(statements[i]));
      }
      String last = sql(statements[statements.length - 1]);
      PSQLException refusal =
          catchThrowableOfType(PSQLException.class, () -> Sql.execute(connection, last));
      assertThat((Throwable) refusal).as(last).isNotNull();
      ServerErrorMessage error = refusal.getServerErrorMessage();
      // Postgres 18 says more about foreign keys than those before it.
      assertThat(error.getMessage().replace("RESTRICT setting of ", "")).isEqualTo(text(message));
      if ("exec_stmt_raise".equals(error.getRoutine())) {
        assertThat(error.getHint()).as("hint of: %s", error.getMessage()).isNotBlank();
      }
      connection.rollback();
    }
  }

  /** Executes all statements but the last, and gives the first column of the rows of the last. */
  List<String> rows(String... statements) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < statements.length - 1; i++) {
        Sql.execute(connection, sql(statements[i]));
      }
      List<String> rows = Sql.column(connection, sql(statements[statements.length - 1]));
      connection.rollback();
      return rows;
    }
  }

  /** The identifier that a name stands for. */
  static String id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Executes a statement whose result stays for the trials that follow. */
  void commit(String sql) {
    try {
      Sql.execute(database, sql(sql));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sql(String template) {
    return replace(template, id -> "'" + id + "'::uuid");
  }

  private static String text(String template) {
    return replace(template, id -> id);
  }

  private static String replace(String template, UnaryOperator<String> form) {
    return NAME.matcher(template)
        .replaceAll(
            (MatchResult match) ->
                form.apply(id((match.group(1) == null ? "" : match.group(1)) + match.group(2))));
  }

  private static String resource(String name) {
    try (InputStream stream = Trial.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
