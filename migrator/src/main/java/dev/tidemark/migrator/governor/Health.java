package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The signals of a Postgres server's health, for as long as a job runs. Works as any role: what
 * Postgres hides from the role is {@link Level#UNKNOWN}, with the reason, and is never guessed.
 *
 * <p>Sessions with the application name of the given connections are taken for the job's own.
 */
public final class Health implements AutoCloseable {
  private final Connection connection;
  private final List<Signal> signals;
  private final Canary canary;

  private Health(Connection connection, List<Signal> signals, Canary canary) {
    this.connection = connection;
    this.signals = signals;
    this.canary = canary;
  }

  /**
   * Begins to watch a server. Takes two connections of its own.
   *
   * @param connections opens connections in autocommit mode
   * @param table the table the job is about, for what vacuum does to it; quoted where it has to be
   * @param canaryQuery what the canary executes unless the settings say otherwise; best a cheap one
   *     that others live by, such as one row by its key
   */
  public static Health watch(
      Supplier<Connection> connections,
      HealthSettings settings,
      Optional<String> table,
      String canaryQuery)
      throws SQLException {
    List<Signal> signals = new ArrayList<>();
    signals.add(new ActiveSessions(settings.activeSessions(), settings.cores()));
    signals.add(new ReplicationLag(settings.replicationLag()));
    signals.add(new OldestTransaction(settings.oldestTransaction()));
    signals.add(new WalBacklog(settings.walBacklog()));
    signals.add(new WalRate(settings.walRate()));
    table.ifPresent(name -> signals.add(new Vacuum(settings.vacuum(), name)));
    Connection connection = connections.get();
    try (Statement statement = connection.createStatement()) {
      // A look that takes long is no look.
      statement.execute("SET statement_timeout = '5s'; SET lock_timeout = '1s'");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    Canary canary =
        new Canary(
            settings.canary(),
            settings.canaryQuery().orElse(canaryQuery),
            settings.canaryPause(),
            connections);
    return new Health(connection, List.copyOf(signals), canary);
  }

  /** Says whether the job is at work now, so that the canary knows what is normal without it. */
  public void atWork(boolean now) {
    canary.atWork(now);
  }

  /**
   * Waits until the canary knows what is normal: two seconds with the default settings. What a
   * chunk does to others before that is not noticed, and a first chunk is often the longest.
   */
  public void learn() throws InterruptedException {
    canary.learn();
  }

  /** Looks at every signal. One that cannot be read is unknown; a lost connection is thrown. */
  public List<Reading> read() throws SQLException {
    List<Reading> readings = new ArrayList<>();
    for (Signal signal : signals) {
      readings.add(read(signal));
    }
    readings.add(canary.read());
    return List.copyOf(readings);
  }

  private Reading read(Signal signal) throws SQLException {
    try {
      return signal.read(connection);
    } catch (SQLException e) {
      if (!connection.isValid(1)) {
        throw e;
      }
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
      return Reading.unknown(signal.name(), "it cannot be read: " + message);
    }
  }

  @Override
  public void close() throws SQLException {
    canary.close();
    connection.close();
  }
}
