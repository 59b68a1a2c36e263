package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** How far the slowest replica lags behind, in seconds. */
record ReplicationLag(Threshold threshold) implements Signal {
  @Override
  public String name() {
    return "replication-lag";
  }

  @Override
  public Reading read(Connection connection) throws SQLException {
    return Query.one(
        connection,
        "replication-lag.sql",
        row -> {
          int replicas = row.getInt("replicas");
          double seconds = row.getDouble("seconds");
          if (row.getInt("hidden") > 0) {
            return Reading.unknown(
                name(),
                "there are %d replicas, whose lag is hidden from this role until it is a member of pg_monitor"
                    .formatted(replicas));
          }
          return new Reading(
              name(),
              threshold.level(seconds),
              seconds,
              replicas == 0
                  ? "no replica is connected"
                  : String.format(
                      Locale.ROOT, "of %d replicas the slowest lags %.1f s", replicas, seconds));
        });
  }
}
