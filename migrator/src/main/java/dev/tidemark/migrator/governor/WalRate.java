package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How fast the whole server writes write-ahead log, in bytes a second since the look before; our
 * own share is in it, as archive and replicas have to carry it, too.
 */
final class WalRate implements Signal {
  private static final double MIB = 1 << 20;

  /** Over a shorter time the rate says little. */
  private static final double LEAST_SECONDS = 0.5;

  private final Threshold threshold;
  private double lastBytes = Double.NaN;
  private double lastAt;
  private double rate;

  WalRate(Threshold threshold) {
    this.threshold = threshold;
  }

  @Override
  public String name() {
    return "wal-rate";
  }

  @Override
  public Reading read(Connection connection) throws SQLException {
    return Query.one(
        connection,
        "wal-position.sql",
        row -> {
          double bytes = row.getDouble("bytes");
          double at = row.getDouble("at");
          if (Double.isNaN(lastBytes) || at - lastAt >= LEAST_SECONDS) {
            rate = Double.isNaN(lastBytes) ? 0 : (bytes - lastBytes) / (at - lastAt);
            lastBytes = bytes;
            lastAt = at;
          }
          return new Reading(
              name(),
              threshold.level(rate),
              rate,
              "the server writes %.0f MiB of WAL a second".formatted(rate / MIB));
        });
  }
}
