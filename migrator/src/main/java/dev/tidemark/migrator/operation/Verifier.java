package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSet.Phase;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.migrator.sql.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Executes verify.sql of change sets that are there, in a session that can only read. */
final class Verifier {
  private Verifier() {}

  /**
   * Verifies change sets.
   *
   * @param changeSets what is there, in the order of their versions
   */
  static VerifyResult verify(
      Connection connection, MigratorSettings settings, List<ChangeSet> changeSets)
      throws SQLException {
    ScriptSession.begin(connection, settings.lockTimeout(), settings.statementTimeout());
    connection.setReadOnly(true);
    try {
      List<VerifyResult.Check> checks = new ArrayList<>();
      for (int i = 0; i < changeSets.size(); i++) {
        ChangeSet changeSet = changeSets.get(i);
        List<ChangeSet> later = changeSets.subList(i + 1, changeSets.size());
        for (Statement statement : changeSet.verify().statements()) {
          checks.add(check(connection, settings, changeSet, statement, later));
        }
      }
      return new VerifyResult(List.copyOf(checks));
    } finally {
      connection.setReadOnly(false);
      ScriptSession.end(connection);
    }
  }

  private static VerifyResult.Check check(
      Connection connection,
      MigratorSettings settings,
      ChangeSet changeSet,
      Statement statement,
      List<ChangeSet> later)
      throws SQLException {
    String sql = statement.filled(changeSet.verify().file(), settings.placeholders());
    Verification verification = Verification.of(connection, sql);
    SQLException failure = verification.failure().orElse(null);
    if (failure != null && SqlFailures.isAboutConnection(failure)) {
      throw failure;
    }
    Optional<String> found =
        verification.holds() ? Optional.empty() : Optional.of(verification.found());
    Optional<String> overtakenBy =
        found.flatMap(
            words ->
                later.stream()
                    .filter(next -> next.phase() == Phase.CONTRACT)
                    .filter(
                        next ->
                            !Collections.disjoint(next.touchedTables(), changeSet.touchedTables()))
                    .map(ChangeSet::version)
                    .findFirst());
    return new VerifyResult.Check(
        changeSet.version(), changeSet.description(), statement.line(), found, overtakenBy);
  }
}
