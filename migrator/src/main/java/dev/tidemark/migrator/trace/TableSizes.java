package dev.tidemark.migrator.trace;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How big the tables of a real database are, by its planner's statistics. Nothing is read from the
 * tables themselves.
 *
 * @param sizes by name, as SQL has it
 * @param complete whether a table that is not among them is not there
 */
public record TableSizes(Map<String, Size> sizes, boolean complete) {
  /** No database is known: a table may have any size. */
  public static final TableSizes UNKNOWN = new TableSizes(Map.of(), false);

  /**
   * One table, its partitions included.
   *
   * @param rows {@code pg_class.reltuples}; for a table that was never analyzed its bytes / 100
   * @param bytes {@code pg_class.relpages} × block size; for a table that was never analyzed the
   *     size of its file. Indexes and long values kept elsewhere do not count
   */
  public record Size(long rows, long bytes) {
    /** A table that is not there yet. */
    public static final Size NONE = new Size(0, 0);
  }

  /**
   * Reads the sizes of every table and materialized view.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if the database refuses
   */
  public static TableSizes read(Database database) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(SqlResource.read(TableSizes.class, "table-sizes.sql"))) {
      Map<String, Size> sizes = new LinkedHashMap<>();
      while (rows.next()) {
        sizes.put(rows.getString(1), new Size(rows.getLong(2), rows.getLong(3)));
      }
      return new TableSizes(Collections.unmodifiableMap(sizes), true);
    } catch (SQLException e) {
      throw MigratorFailures.databaseRefuses(database.address(), e);
    }
  }

  /** The same, but a table that is not among them may be there one day, of any size. */
  public TableSizes ofWhatIsThere() {
    return new TableSizes(sizes, false);
  }

  /**
   * The size of a table.
   *
   * @return zero if it is not there yet; empty if nothing is known of it
   */
  public Optional<Size> of(String table) {
    return Optional.ofNullable(sizes.get(table))
        .or(() -> complete ? Optional.of(Size.NONE) : Optional.empty());
  }
}
