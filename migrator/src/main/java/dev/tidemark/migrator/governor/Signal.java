package dev.tidemark.migrator.governor;

import java.sql.Connection;
import java.sql.SQLException;

/** One sign of a server's health. May remember what it saw before. */
interface Signal {
  /** Its name in the configuration. */
  String name();

  /** Looks at the server. */
  Reading read(Connection connection) throws SQLException;
}
