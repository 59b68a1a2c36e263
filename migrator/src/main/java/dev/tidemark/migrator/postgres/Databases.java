package dev.tidemark.migrator.postgres;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;

/** Opens the database that the configuration names. */
public final class Databases {
  private static final String EMBEDDED = "embedded";

  private Databases() {}

  /**
   * Leases the database of {@code database.url}; with {@code embedded}, the laptop's server is
   * started if it is not up. A server of the user's own is not connected to yet.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if the URL is none, or the laptop's server
   *     cannot be started
   */
  public static DatabaseLease open(Config config) {
    if (isEmbedded(config)) {
      return SharedServer.lease(home(config));
    }
    return new OwnServerLease(ownServer(config));
  }

  /**
   * Leases the Postgres that Tidemark brings along, whatever {@code database.url} says; started if
   * it is not up.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if it cannot be started
   */
  public static DatabaseLease openEmbedded(Config config) {
    return SharedServer.lease(home(config));
  }

  /** A lease of a database that somebody else looks after. */
  public static DatabaseLease given(Database database) {
    return new OwnServerLease(database);
  }

  /**
   * The database as it can be reached now, without starting anything.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if the laptop's server is not running
   */
  public static Database running(Config config) {
    if (!isEmbedded(config)) {
      return ownServer(config);
    }
    return SharedServer.running(home(config))
        .orElseThrow(
            () -> MigratorFailures.localServerNotRunning(SharedServer.folder(home(config))));
  }

  /** Starts the laptop's server, to stay up until {@link #stop}. */
  public static Database start(Config config) {
    refuseOwnServer(config);
    return SharedServer.start(home(config));
  }

  /**
   * Lets the laptop's server go: now, or when the last command that uses it ends.
   *
   * @return whether it is down now
   */
  public static boolean stop(Config config) {
    refuseOwnServer(config);
    return SharedServer.stop(home(config));
  }

  private static void refuseOwnServer(Config config) {
    if (!isEmbedded(config)) {
      throw MigratorFailures.notOurServer(ownServer(config).address());
    }
  }

  /** Whether the database is the laptop's own. */
  public static boolean isEmbedded(Config config) {
    return EMBEDDED.equals(Settings.text(config, "database.url"));
  }

  private static Path home(Config config) {
    return Path.of(Settings.text(config, "home"));
  }

  private static Database ownServer(Config config) {
    return new Database(
        Settings.text(config, "database.url"),
        Settings.optionalText(config, "database.user").orElse(null),
        Settings.optionalText(config, "database.password").orElse(null));
  }

  private record OwnServerLease(Database database) implements DatabaseLease {
    @Override
    public void close() {
      // Nothing was started.
    }
  }
}
