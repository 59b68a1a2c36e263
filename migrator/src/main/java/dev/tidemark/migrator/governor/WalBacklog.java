package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;

/** Write-ahead log that waits for being archived, in bytes; the segment in use counts. */
record WalBacklog(Threshold threshold) implements Signal {
  private static final double MIB = 1 << 20;

  @Override
  public String name() {
    return "wal-backlog";
  }

  @Override
  public Reading read(Connection connection) throws SQLException {
    return Query.one(
        connection,
        "wal-backlog.sql",
        row -> {
          if (!row.getBoolean("archives")) {
            return new Reading(name(), Level.CALM, 0, "the server does not archive its WAL");
          }
          String failing = row.getBoolean("failing") ? ", and the last attempt failed" : "";
          if (row.getBoolean("unknown")) {
            return Reading.unknown(
                name(), "nothing was archived since the server's statistics began" + failing);
          }
          double bytes = row.getDouble("bytes");
          return new Reading(
              name(),
              threshold.level(bytes),
              bytes,
              "%.0f MiB of WAL wait for the archive%s".formatted(bytes / MIB, failing));
        });
  }
}
