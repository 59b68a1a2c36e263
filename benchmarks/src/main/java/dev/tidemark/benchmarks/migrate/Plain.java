package dev.tidemark.benchmarks.migrate;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Change sets as {@code psql -1 -f} would run them: no journal, no locks, no checks. */
final class Plain {
  private Plain() {}

  /**
   * Executes apply.sql and verify.sql of each, one statement after the other over one connection.
   */
  static void apply(Database database, List<ChangeSet> changeSets) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (ChangeSet changeSet : changeSets) {
        connection.setAutoCommit(!changeSet.transactional());
        execute(statement, changeSet.apply());
        execute(statement, changeSet.verify());
        if (changeSet.transactional()) {
          connection.commit();
        }
      }
    }
  }

  private static void execute(Statement statement, Script script) throws SQLException {
    for (dev.tidemark.migrator.changeset.Statement one : script.statements()) {
      statement.execute(one.filled(script.file(), Map.of()));
    }
  }
}
