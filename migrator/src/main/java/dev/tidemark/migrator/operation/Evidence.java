package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the catalogue tells about a statement outside of a transaction that nobody saw the end of.
 * Of those that Postgres refuses inside a transaction, it knows the ones which change the schema in
 * several transactions of their own.
 */
final class Evidence {
  /** What became of the statement. */
  enum Verdict {
    /** It did all that it should. */
    DONE,
    /** It left nothing, or may be repeated without harm. */
    NOT_DONE,
    /** It left an index that is maintained but not used. */
    INVALID_INDEX,
    /** It has taken the partition out for new queries and waits to be finished. */
    DETACH_PENDING,
    /** The catalogue cannot tell. */
    UNKNOWN
  }

  /**
   * A verdict and how to clear the way for another attempt.
   *
   * @param verdict what became of the statement
   * @param object the index or partition that it is about; empty if there is none
   * @param wayOut a statement to be executed before another attempt, or in its place if the verdict
   *     is {@link Verdict#DETACH_PENDING}; empty if none is needed
   */
  record Finding(Verdict verdict, Optional<String> object, Optional<String> wayOut) {
    /** Whether the statement left something that is neither before nor after it. */
    boolean isLeftOver() {
      return verdict == Verdict.INVALID_INDEX || verdict == Verdict.DETACH_PENDING;
    }

    private static Finding of(Verdict verdict, String object) {
      return new Finding(verdict, Optional.of(object), Optional.empty());
    }
  }

  private static final String NAME =
      "((?:\"(?:[^\"]|\"\")+\"|[^\\s\"(.]+)(?:\\.(?:\"(?:[^\"]|\"\")+\"|[^\\s\"(.]+))?)";
  private static final Pattern CREATE_INDEX =
      pattern(
          "CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?"
              + NAME
              + " ?ON (?:ONLY )?"
              + NAME);
  private static final Pattern DROP_INDEX =
      pattern("DROP INDEX CONCURRENTLY (?:IF EXISTS )?" + NAME);
  private static final Pattern REINDEX =
      pattern("REINDEX ?(?:\\([^)]*\\))? ?(?:INDEX|TABLE) CONCURRENTLY " + NAME);
  private static final Pattern DETACH =
      pattern(
          "ALTER TABLE (?:IF EXISTS )?(?:ONLY )?"
              + NAME
              + " DETACH PARTITION "
              + NAME
              + " CONCURRENTLY");
  private static final Pattern REPEATABLE = pattern("(?:VACUUM|REINDEX|CLUSTER|CHECKPOINT)\\b");

  private Evidence() {}

  /**
   * Looks for traces of a statement.
   *
   * @param connection whose search path is that of the scripts
   * @param canonical the statement's canonical text, placeholders filled in
   */
  static Finding of(Connection connection, String canonical) throws SQLException {
    Matcher create = CREATE_INDEX.matcher(canonical);
    if (create.lookingAt()) {
      return ofCreatedIndex(connection, create.group(1), create.group(2));
    }
    Matcher drop = DROP_INDEX.matcher(canonical);
    if (drop.lookingAt()) {
      return ofDroppedIndex(connection, drop.group(1));
    }
    Matcher reindex = REINDEX.matcher(canonical);
    if (reindex.lookingAt()) {
      return ofRebuiltIndex(connection, reindex.group(1));
    }
    Matcher detach = DETACH.matcher(canonical);
    if (detach.lookingAt()) {
      return ofDetachedPartition(connection, detach.group(1), detach.group(2));
    }
    boolean repeatable = REPEATABLE.matcher(canonical).lookingAt();
    return new Finding(
        repeatable ? Verdict.NOT_DONE : Verdict.UNKNOWN, Optional.empty(), Optional.empty());
  }

  private static Finding ofCreatedIndex(Connection connection, String index, String table)
      throws SQLException {
    try (PreparedStatement query = prepared(connection, "index-evidence.sql", index, index, table);
        ResultSet rows = query.executeQuery()) {
      if (!rows.next()) {
        return Finding.of(Verdict.NOT_DONE, index);
      }
      String found = rows.getString(1);
      return rows.getBoolean(2)
          ? Finding.of(Verdict.DONE, found)
          : new Finding(
              Verdict.INVALID_INDEX,
              Optional.of(found),
              Optional.of("DROP INDEX CONCURRENTLY IF EXISTS " + found));
    }
  }

  private static Finding ofDroppedIndex(Connection connection, String index) throws SQLException {
    try (PreparedStatement query = prepared(connection, "dropped-index-evidence.sql", index);
        ResultSet rows = query.executeQuery()) {
      if (!rows.next()) {
        return Finding.of(Verdict.DONE, index);
      }
      return Finding.of(rows.getBoolean(1) ? Verdict.NOT_DONE : Verdict.INVALID_INDEX, index);
    }
  }

  private static Finding ofRebuiltIndex(Connection connection, String relation)
      throws SQLException {
    try (PreparedStatement query =
            prepared(connection, "rebuilt-index-evidence.sql", relation, relation);
        ResultSet rows = query.executeQuery()) {
      if (!rows.next()) {
        // Whether it was rebuilt once or twice makes no difference.
        return Finding.of(Verdict.NOT_DONE, relation);
      }
      String left = rows.getString(1);
      return new Finding(
          Verdict.INVALID_INDEX,
          Optional.of(left),
          Optional.of("DROP INDEX CONCURRENTLY IF EXISTS " + left));
    }
  }

  private static Finding ofDetachedPartition(Connection connection, String table, String partition)
      throws SQLException {
    try (PreparedStatement query = prepared(connection, "detach-evidence.sql", table, partition);
        ResultSet rows = query.executeQuery()) {
      if (!rows.next()) {
        return Finding.of(Verdict.DONE, partition);
      }
      return rows.getBoolean(1)
          ? new Finding(
              Verdict.DETACH_PENDING,
              Optional.of(partition),
              Optional.of(
                  "ALTER TABLE %s DETACH PARTITION %s FINALIZE".formatted(table, partition)))
          : Finding.of(Verdict.NOT_DONE, partition);
    }
  }

  private static PreparedStatement prepared(Connection connection, String file, String... values)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(Evidence.class, file));
    for (int i = 0; i < values.length; i++) {
      statement.setString(i + 1, values[i]);
    }
    return statement;
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }
}
