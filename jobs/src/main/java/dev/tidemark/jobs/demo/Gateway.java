package dev.tidemark.jobs.demo;

import dev.tidemark.jobs.failure.JobsFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.pipeline.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The AI gateway of the story: one connection over which it writes to Postgres. */
final class Gateway implements AutoCloseable {
  private static final SqlResource SEED = sql("seed.sql");
  private static final SqlResource GENERATOR = sql("generator.sql");
  private static final SqlResource INSERT_EVENTS = sql("insert-events.sql");
  private static final SqlResource PARTNER_EVENTS = sql("partner-events.sql");
  private static final SqlResource DELIVERED_EVENTS = sql("delivered-events.sql");

  private final Connection connection;

  private Gateway(Connection connection) {
    this.connection = connection;
  }

  /** Numbers of events, both included, whose times lie evenly between two instants. */
  record Batch(long first, long last, Instant from, Instant to) {}

  static Gateway connect(Database database) {
    Gateway gateway = new Gateway(database.connect());
    gateway.execute(GENERATOR.text());
    return gateway;
  }

  /** Writes organizations, accounts, keys and models. */
  void seed() {
    execute(SEED.text());
  }

  void begin() {
    execute("BEGIN");
  }

  void commit() {
    execute("COMMIT");
  }

  /** Lets the planner and the readers know what was written. */
  void analyze() {
    execute("VACUUM (ANALYZE) usage_events");
  }

  /**
   * Writes events.
   *
   * @param late whether they reach the platform only now, rather than when they happened
   */
  void write(Batch batch, boolean late) {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_EVENTS.text())) {
      insert.setBoolean(1, late);
      set(insert, 2, batch);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw JobsFailures.demoFailed("write events", e);
    }
  }

  /** Events that never went through the gateway, as the partner writes them. */
  List<String> partnerEvents(Batch batch) {
    try (PreparedStatement query = connection.prepareStatement(PARTNER_EVENTS.text())) {
      set(query, 1, batch);
      return texts(query);
    } catch (SQLException e) {
      throw JobsFailures.demoFailed("make the partner's events", e);
    }
  }

  /** Some events that Postgres has, as the partner writes them. */
  List<String> deliveredEvents(int count) {
    try (PreparedStatement query = connection.prepareStatement(DELIVERED_EVENTS.text())) {
      query.setInt(1, count);
      return texts(query);
    } catch (SQLException e) {
      throw JobsFailures.demoFailed("read events", e);
    }
  }

  /** The organizations' names by their identifiers. */
  Map<String, String> organizations() {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, name FROM organizations")) {
      Map<String, String> names = new HashMap<>();
      while (rows.next()) {
        names.put(rows.getString(1), rows.getString(2));
      }
      return names;
    } catch (SQLException e) {
      throw JobsFailures.demoFailed("read the organizations", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw JobsFailures.demoFailed("close its connection", e);
    }
  }

  private void execute(String script) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(script);
    } catch (SQLException e) {
      throw JobsFailures.demoFailed("fill its database", e);
    }
  }

  private static void set(PreparedStatement statement, int from, Batch batch) throws SQLException {
    statement.setLong(from, batch.first());
    statement.setLong(from + 1, batch.last());
    statement.setTimestamp(from + 2, Timestamp.from(batch.from()));
    statement.setTimestamp(from + 3, Timestamp.from(batch.to()));
  }

  private static List<String> texts(PreparedStatement query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  private static SqlResource sql(String file) {
    return SqlResource.of(Gateway.class, file);
  }
}
