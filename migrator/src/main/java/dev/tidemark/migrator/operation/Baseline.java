package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Takes over a database whose schema is there already. */
final class Baseline {
  private Baseline() {}

  /**
   * Writes all of the change sets into the history, or none.
   *
   * @param changeSets what is said to be there, in the order of their versions
   * @param version the last of them
   */
  static void write(
      Database database,
      Connection connection,
      MigratorSettings settings,
      FlywayHistory history,
      List<ChangeSet> changeSets,
      String version)
      throws SQLException {
    List<String> applied =
        history.entries(connection).stream().filter(Entry::isApplied).map(Entry::version).toList();
    if (!applied.isEmpty()) {
      throw MigratorFailures.baselineRefused(
          version,
          database.address() + " has a history already, up to " + applied.get(applied.size() - 1),
          "use `tidemark migrate apply`; for single change sets `tidemark migrate resolve`");
    }
    String lacking =
        Verifier.verify(connection, settings, changeSets).mismatches().stream()
            .map(
                check ->
                    "%s_%s/verify.sql line %d: %s"
                        .formatted(
                            check.version(),
                            check.description(),
                            check.line(),
                            check.found().orElse("")))
            .collect(Collectors.joining("; "));
    if (!lacking.isEmpty()) {
      throw MigratorFailures.baselineRefused(
          version, lacking, "give the version that it is really at, or make what lacks");
    }
    connection.setAutoCommit(false);
    for (ChangeSet changeSet : changeSets) {
      history.record(connection, changeSet);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }
}
