package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;

/** How many vacuums are at work on the table or its partitions, automatic or not. */
record Vacuum(Threshold threshold, String table) implements Signal {
  @Override
  public String name() {
    return "vacuum";
  }

  @Override
  public Reading read(Connection connection) throws SQLException {
    return Query.one(
        connection,
        "vacuum.sql",
        row -> {
          int vacuums = row.getInt(1);
          return new Reading(
              name(),
              threshold.level(vacuums),
              vacuums,
              vacuums == 0 ? "no vacuum is at work on " + table : "vacuum is at work on " + table);
        },
        table,
        table);
  }
}
