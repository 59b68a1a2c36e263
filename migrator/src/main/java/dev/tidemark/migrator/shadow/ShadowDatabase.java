package dev.tidemark.migrator.shadow;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.settings.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An empty database that exists until closed: on the server of {@code migrate.shadow-url}, or on
 * the Postgres that Tidemark brings along. No other database of the server is touched; roles that
 * change sets make belong to the server and stay.
 */
public final class ShadowDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowDatabase.class);

  private final DatabaseLease server;
  private final Database database;
  private final String name;

  private ShadowDatabase(DatabaseLease server, String name) {
    this.server = server;
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
    String name =
        "tidemark_shadow_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    try {
      execute(server.database(), "CREATE DATABASE " + name + " TEMPLATE template0");
      return new ShadowDatabase(server, name);
    } catch (SQLException e) {
      server.close();
      throw MigratorFailures.shadowRefused(server.database().address(), e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The database; its user owns it. */
  public Database database() {
    return database;
  }

  /** Drops the database. */
  @Override
  public void close() {
    try (server) {
      execute(server.database(), "DROP DATABASE " + name + " WITH (FORCE)");
    } catch (SQLException e) {
      LOG.warn("The throw-away database {} stays and may be dropped", name, e);
    }
  }

  private static DatabaseLease server(Config config) {
    Optional<String> url = Settings.optionalText(config, "migrate.shadow-url");
    return url.isPresent()
        ? Databases.given(new Database(url.get(), null, null))
        : Databases.openEmbedded(config);
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
