package dev.tidemark.pipeline.publication;

import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which rows of a rollup the summaries of a grain equal; a row of {@code usage_publications}.
 *
 * @param lake where the rollup lies
 * @param tableId which history the rollup has; see {@link
 *     dev.tidemark.pipeline.lake.LakeHistory#identity}
 * @param version of the rollup
 * @param commit the identity of the commit that made this version; empty where it is not known
 */
record Position(String lake, String tableId, long version, String commit) {
  private static final String READ =
      "SELECT lake, lake_table_id, lake_version, lake_commit FROM usage_publications"
          + " WHERE grain = ?::usage_grain";

  /** The newest version of a rollup. */
  static Position of(LakeTable rollup, String identity) {
    long version = rollup.version();
    return new Position(rollup.path(), identity, version, rollup.commitId(version).orElse(""));
  }

  static Optional<Position> read(Connection connection, Grain grain) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(READ)) {
      query.setString(1, grain.label());
      try (ResultSet rows = query.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Position(
                    rows.getString(1), rows.getString(2), rows.getLong(3), rows.getString(4)))
            : Optional.empty();
      }
    }
  }

  /** Whether this lies in the history of another position, or is the same (EX-11). */
  boolean isBehind(Position now, LakeTable rollup) {
    return tableId.equals(now.tableId())
        && version <= now.version()
        && rollup.commitId(version).filter(commit::equals).isPresent();
  }

  /**
   * Writes this in the place of another.
   *
   * @param before what was read at first; empty for nothing
   * @return false if something else is there now
   */
  boolean write(Connection connection, Grain grain, Optional<Position> before) throws SQLException {
    Position replaced = before.orElse(this);
    String sql = SqlResource.of(Position.class, "write-position.sql").text();
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, grain.label());
      update.setString(2, lake);
      update.setString(3, tableId);
      update.setLong(4, version);
      update.setString(5, commit);
      update.setString(6, replaced.tableId);
      update.setLong(7, replaced.version);
      update.setString(8, replaced.commit);
      return update.executeUpdate() == 1;
    }
  }
}
