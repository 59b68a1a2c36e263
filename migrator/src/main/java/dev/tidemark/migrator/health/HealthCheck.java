package dev.tidemark.migrator.health;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.migrator.state.MigratorState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at a database, again and again. Changes nothing there. Not thread-safe. */
public final class HealthCheck {
  private static final int SOCKET_TIMEOUT_SECONDS = 20;

  private final Database database;
  private final Config config;
  private final Optional<DriftCheck> drift;

  private HealthCheck(Database database, Config config, Optional<DriftCheck> drift) {
    this.database = database;
    this.config = config;
    this.drift = drift;
  }

  /**
   * A check of a database.
   *
   * @param withDrift whether the schema is compared with what its change sets make, for which they
   *     are tried on a throw-away database
   */
  public static HealthCheck of(Database database, Config config, boolean withDrift) {
    String url = database.jdbcUrl();
    String patient = url + (url.contains("?") ? "&" : "?");
    // A server that is gone without a word must not be waited for.
    Database impatient =
        new Database(
            patient + "socketTimeout=" + SOCKET_TIMEOUT_SECONDS,
            database.user(),
            database.password());
    return new HealthCheck(
        impatient.readOnly(),
        config,
        withDrift ? Optional.of(new DriftCheck(config)) : Optional.empty());
  }

  /**
   * How the database is now. One that does not answer is reported, not thrown.
   *
   * @throws UserFailure if the change sets cannot be read
   */
  public HealthReport check() {
    Instant now = Instant.now();
    Migrator migrator = Migrator.open(database, config);
    try {
      StatusResult status = migrator.status();
      return new HealthReport(
          now,
          Optional.empty(),
          Optional.of(status),
          lastMigration(status),
          drift
              .map(check -> check.compare(database, status))
              .orElseGet(() -> DriftReport.unknown("not looked at")));
    } catch (UserFailure e) {
      return HealthReport.unreachable(now, e.problem() + ": " + e.reason());
    }
  }

  private Optional<Instant> lastMigration(StatusResult status) {
    try (Connection connection = database.connect()) {
      return Stream.concat(
              status.entries().stream().map(Entry::appliedAt).flatMap(Optional::stream),
              lastRun(connection).stream())
          .reduce((one, other) -> one.isAfter(other) ? one : other);
    } catch (SQLException e) {
      throw SqlFailures.ofOurs(database, e);
    }
  }

  private static Optional<Instant> lastRun(Connection connection) throws SQLException {
    if (!MigratorState.exists(connection)) {
      return Optional.empty();
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(SqlResource.read(HealthCheck.class, "last-run.sql"))) {
      rows.next();
      return Optional.ofNullable(rows.getObject(1, OffsetDateTime.class))
          .map(OffsetDateTime::toInstant);
    }
  }
}
