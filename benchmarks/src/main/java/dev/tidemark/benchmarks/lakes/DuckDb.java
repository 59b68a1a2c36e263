package dev.tidemark.benchmarks.lakes;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** DuckDB in memory, as those who know it set it up for such work. */
public final class DuckDb implements AutoCloseable {
  private final Connection connection;

  /**
   * Opens one.
   *
   * @param spill where it may put what does not fit into memory
   */
  public DuckDb(Path spill) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET threads = " + BenchSpark.THREADS);
    execute("SET memory_limit = '10GB'");
    execute("SET preserve_insertion_order = false");
    execute("SET TimeZone = 'UTC'");
    execute("SET temp_directory = '" + spill + "'");
  }

  /** Parquet files as SQL names them. */
  public static String parquet(List<String> files) {
    return files.stream().collect(Collectors.joining("', '", "read_parquet(['", "'])"));
  }

  /** Executes a statement. */
  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Reads the only row of a query's result. */
  public <T> T row(String sql, Reading<T> reading) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return reading.of(rows);
    }
  }

  /** Hears of a row. */
  @FunctionalInterface
  public interface Hearing {
    /** Reads its columns. */
    void of(ResultSet row) throws SQLException;
  }

  /** Reads all rows of a query's result. */
  public void rows(String sql, Hearing hearing) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        hearing.of(rows);
      }
    }
  }

  /** Makes something of the row at hand. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Reads its columns. */
    T of(ResultSet row) throws SQLException;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
