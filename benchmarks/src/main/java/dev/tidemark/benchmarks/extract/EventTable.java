package dev.tidemark.benchmarks.extract;

import dev.tidemark.benchmarks.generator.Event;
import dev.tidemark.benchmarks.generator.EventSequence;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The table {@code usage_events} of a database, filled with generated events, once each. */
final class EventTable {
  private static final String COLUMNS =
      "usage_events (id, occurred_at, received_at, organization_id, workspace_id, user_id,"
          + " api_key_id, provider, model, operation, status, input_tokens, cached_input_tokens,"
          + " output_tokens, latency_ms, time_to_first_token_ms, cost_nano_usd)";
  private static final int BUFFER = 1 << 16;

  private EventTable() {}

  /** The database with the events of a sequence, loaded now if it is not there. */
  static Database of(LocalServer server, EventSequence sequence, Consumer<String> progress)
      throws SQLException {
    String name = "extract_" + sequence.deliveries();
    Database database = server.database().named(name);
    Database postgres = server.asSuperuser("postgres");
    if (number(
            postgres,
            "SELECT count(*) FROM pg_database WHERE datname = '%s' AND shobj_description(oid, 'pg_database') = 'loaded'"
                .formatted(name))
        == 0) {
      execute(
          postgres,
          "DROP DATABASE IF EXISTS " + name,
          "CREATE DATABASE %s OWNER tidemark".formatted(name));
      Migrator.open(database, Settings.parse("")).apply(ApplyOptions.all());
      execute(
          database,
          "SELECT create_usage_event_partitions(ahead => '1 week', behind => '120 weeks')");
      load(server.asSuperuser(name), sequence, progress);
      execute(server.asSuperuser(name), "VACUUM (ANALYZE)", "CHECKPOINT");
      execute(postgres, "COMMENT ON DATABASE %s IS 'loaded'".formatted(name));
    }
    return database;
  }

  private static void load(Database database, EventSequence sequence, Consumer<String> progress)
      throws SQLException {
    try (Connection connection = database.connect();
        Statement setting = connection.createStatement()) {
      setting.execute("SET session_replication_role = replica");
      CopyIn copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("COPY " + COLUMNS + " FROM STDIN");
      StringBuilder text = new StringBuilder();
      Event event = new Event();
      for (long number = 0; number < sequence.deliveries(); number++) {
        sequence.fill(number, event);
        if (!event.isRedelivery()) {
          append(text, event);
        }
        if (text.length() > BUFFER) {
          send(copy, text);
          progress.accept("loading: %,d of %,d events".formatted(number, sequence.deliveries()));
        }
      }
      send(copy, text);
      copy.endCopy();
    }
  }

  private static void send(CopyIn copy, StringBuilder text) throws SQLException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    text.setLength(0);
  }

  private static void append(StringBuilder text, Event event) {
    Object[] values = {
      event.id(),
      instant(event.occurredAt()),
      instant(event.receivedAt()),
      event.organizationId(),
      event.workspaceId() == null ? "\\N" : event.workspaceId(),
      event.userId(),
      event.apiKeyId(),
      event.provider(),
      event.model(),
      event.operation(),
      event.status(),
      event.inputTokens(),
      event.cachedInputTokens(),
      event.outputTokens(),
      measured(event.latencyMillis()),
      measured(event.timeToFirstTokenMillis()),
      event.costNanoUsd()
    };
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : "\t").append(values[i]);
    }
    text.append('\n');
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static Object measured(long value) {
    return value == Event.NONE ? "\\N" : value;
  }

  static void execute(Database database, String... sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    }
  }

  static long number(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
