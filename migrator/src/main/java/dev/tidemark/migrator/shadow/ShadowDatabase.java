package dev.tidemark.migrator.shadow;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An empty database that exists until closed: on the server of {@code migrate.shadow-url}, or on
 * the Postgres that Tidemark brings along. No other database of the server is touched, but for
 * those that an owner who is gone has left behind; roles that change sets make belong to the server
 * and stay.
 *
 * <p>While the owner lives, one session of his holds an advisory lock on the number in the
 * database's name; it ends with him, however he ends. Should that session alone be lost, those that
 * work in the database keep it.
 */
public final class ShadowDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowDatabase.class);

  private static final String PREFIX = "tidemark_shadow_";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final DatabaseLease server;
  private final Connection owner;
  private final Database database;
  private final String name;

  private ShadowDatabase(DatabaseLease server, Connection owner, String name) {
    this.server = server;
    this.owner = owner;
    this.name = name;
    this.database = server.database().named(name);
  }

  /**
   * Makes the database.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if there is no server for it, or the
   *     user may not create databases there
   */
  public static ShadowDatabase open(Config config) {
    DatabaseLease server = server(config);
    long number = ThreadLocalRandom.current().nextLong();
    String name = PREFIX + HexFormat.of().toHexDigits(number);
    Connection owner = null;
    try {
      owner = server.database().connect();
      execute(owner, SqlResource.read(ShadowDatabase.class, "own.sql").formatted(number));
      dropLeftovers(owner);
      execute(owner, "CREATE DATABASE " + name + " TEMPLATE template0");
      return new ShadowDatabase(server, owner, name);
    } catch (SQLException e) {
      close(owner, server);
      throw MigratorFailures.shadowRefused(server.database().address(), e);
    } catch (RuntimeException e) {
      close(owner, server);
      throw e;
    }
  }

  /**
   * What is left of killed commands; one that another command drops first is no trouble. Sessions
   * are never ended for it: an owner may have lost his lock and be at work still. Postgres refuses
   * to drop a database that has one.
   */
  private static void dropLeftovers(Connection connection) throws SQLException {
    List<String> leftovers = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(SqlResource.read(ShadowDatabase.class, "leftovers.sql"))) {
      while (rows.next()) {
        leftovers.add(rows.getString(1));
      }
    }
    for (String leftover : leftovers) {
      try {
        execute(connection, "DROP DATABASE IF EXISTS " + leftover);
      } catch (SQLException e) {
        LOG.warn("The throw-away database {} of a command that is gone stays", leftover, e);
      }
    }
  }

  /** The database; its user owns it. */
  public Database database() {
    return database;
  }

  /** Drops the database. */
  @Override
  public void close() {
    // The owner's session may have been lost meanwhile.
    try (Connection connection = server.database().connect()) {
      drop(connection);
    } catch (SQLException | UserFailure e) {
      LOG.warn("The throw-away database {} stays; the next command drops it", name, e);
    } finally {
      close(owner, server);
    }
  }

  private void drop(Connection connection) throws SQLException {
    try {
      execute(connection, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    } catch (SQLException e) {
      if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      // An autovacuum at work there is nobody's to end by force. Without force it gives way.
      execute(connection, "DROP DATABASE IF EXISTS " + name);
    }
  }

  private static void close(Connection owner, DatabaseLease server) {
    try (server;
        owner) {
      LOG.debug("The throw-away database's owner goes");
    } catch (SQLException e) {
      LOG.debug("The session that owned a throw-away database was gone already", e);
    }
  }

  private static DatabaseLease server(Config config) {
    Optional<String> url = Settings.optionalText(config, "migrate.shadow-url");
    return url.isPresent()
        ? Databases.given(new Database(url.get(), null, null))
        : Databases.openEmbedded(config);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
