package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** Sessions of others at work right now, for each core of the server. */
record ActiveSessions(Threshold threshold, int cores) implements Signal {
  @Override
  public String name() {
    return "active-sessions";
  }

  @Override
  public Reading read(Connection connection) throws SQLException {
    return Query.one(
        connection,
        "active-sessions.sql",
        row -> {
          int active = row.getInt("active");
          int hidden = row.getInt("hidden");
          double perCore = (double) active / cores;
          Level level = threshold.level(perCore);
          if (hidden == 0 || level != Level.CALM) {
            String words =
                String.format(Locale.ROOT, "%d sessions are at work on %d cores", active, cores);
            return new Reading(name(), level, perCore, words);
          }
          return new Reading(
              name(),
              Level.UNKNOWN,
              perCore,
              "%d sessions are seen at work; what %d others do is hidden from this role until it is a member of pg_monitor"
                  .formatted(active, hidden));
        });
  }
}
