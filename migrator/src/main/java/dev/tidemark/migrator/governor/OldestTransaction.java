package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** For how long the oldest transaction of the database has been open, in seconds. */
record OldestTransaction(Threshold threshold) implements Signal {
  @Override
  public String name() {
    return "oldest-transaction";
  }

  @Override
  public Reading read(Connection connection) throws SQLException {
    return Query.one(
        connection,
        "oldest-transaction.sql",
        row -> {
          double seconds = row.getDouble("seconds");
          int hidden = row.getInt("hidden");
          Level level = threshold.level(seconds);
          if (hidden > 0 && level == Level.CALM) {
            return new Reading(
                name(),
                Level.UNKNOWN,
                seconds,
                "how long the transactions of %d sessions are open is hidden from this role until it is a member of pg_monitor"
                    .formatted(hidden));
          }
          return new Reading(
              name(),
              level,
              seconds,
              String.format(Locale.ROOT, "a transaction has been open for %.0f s", seconds));
        });
  }
}
