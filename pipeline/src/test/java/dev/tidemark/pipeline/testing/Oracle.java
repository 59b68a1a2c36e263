package dev.tidemark.pipeline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.metrics.LatencyFunctions;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.sql.SqlResource;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * What both rollups must hold, computed by DuckDB from every delivery: another engine, another
 * language, no code in common.
 */
public final class Oracle implements AutoCloseable {
  private static final SqlResource GROUPS = SqlResource.of(Oracle.class, "oracle-groups.sql");
  private static final List<Double> QUANTILES = List.of(0.0, 0.5, 0.95, 0.99, 1.0);

  private static final List<String> COLUMNS =
      List.of(
          "organization_id",
          "workspace_id",
          "user_id",
          "api_key_id",
          "provider",
          "model",
          "operation",
          "request_count",
          "error_count",
          "input_tokens",
          "cached_input_tokens",
          "output_tokens",
          "cost_nano_usd",
          "latency_ms_sum",
          "latency_ms_min",
          "latency_ms_max");

  private final DuckDBConnection duckdb;
  private int landings;

  /** An oracle that has heard of no delivery. */
  public Oracle() {
    try {
      duckdb = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = duckdb.createStatement()) {
        statement.execute(
            "CREATE TABLE deliveries (event_id VARCHAR, occurred_at_micros BIGINT,"
                + " organization_id VARCHAR, workspace_id VARCHAR, user_id VARCHAR,"
                + " api_key_id VARCHAR, provider VARCHAR, model VARCHAR, operation VARCHAR,"
                + " status VARCHAR, input_tokens BIGINT, cached_input_tokens BIGINT,"
                + " output_tokens BIGINT, latency_ms BIGINT, cost_nano_usd BIGINT,"
                + " landing INTEGER, arrival_order BIGINT)");
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Hears of the rows of one landing. */
  public void deliver(List<Row> rows) {
    landings++;
    try (DuckDBAppender appender = duckdb.createAppender("main", "deliveries")) {
      for (Row row : rows) {
        appender.beginRow();
        appender.append(text(row, "event_id"));
        appender.append(micros(row, "occurred_at"));
        for (String dimension : RawEvents.DIMENSIONS) {
          appender.append(text(row, dimension));
        }
        appender.append(text(row, "status"));
        for (String number :
            List.of(
                "input_tokens",
                "cached_input_tokens",
                "output_tokens",
                "latency_ms",
                "cost_nano_usd")) {
          Long value = (Long) value(row, number);
          if (value == null) {
            appender.appendNull();
          } else {
            appender.append(value.longValue());
          }
        }
        appender.append(landings);
        appender.append((long) (Long) value(row, RawEvents.ARRIVAL_ORDER));
        appender.endRow();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Asserts that every row of both rollups is right, and that no row is missing or too many. */
  public void assertEqualTo(Lake lake) {
    assertSame(lake, lake.usageHourly().read(), "hour_start", 3_600_000_000L);
    Dataset<Row> daily =
        lake.usageDaily().read().withColumn("usage_date", col("usage_date").cast("timestamp"));
    assertSame(lake, daily, "usage_date", 86_400_000_000L);
  }

  private static Column col(String name) {
    return functions.col(name);
  }

  private void assertSame(Lake lake, Dataset<Row> rollup, String window, long windowMicros) {
    LatencyFunctions.register(lake.spark());
    List<String> expressions = new ArrayList<>(List.of("unix_micros(" + window + ")"));
    expressions.addAll(COLUMNS);
    expressions.add("unix_micros(first_event_at)");
    expressions.add("unix_micros(last_event_at)");
    expressions.add("coalesce(latency_count(latency_histogram), 0L)");
    StructType shape = shape();
    Dataset<Row> actual =
        lake.spark()
            .createDataFrame(
                rollup
                    .selectExpr(expressions.toArray(String[]::new))
                    .toDF(shape.fieldNames())
                    .collectAsList(),
                shape);
    List<Row> rows = new ArrayList<>();
    String sql =
        GROUPS
            .text()
            .replace("${window}", "occurred_at_micros // W * W".replace("W", "" + windowMicros));
    try (Statement statement = duckdb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        Object[] values = new Object[shape.length()];
        for (int i = 0; i < values.length; i++) {
          values[i] = result.getObject(i + 1);
        }
        rows.add(RowFactory.create(values));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    DatasetComparison.assertSameRows(lake.spark().createDataFrame(rows, shape), actual);
    assertQuantiles(rollup, window, sql);
  }

  /** Every quantile within one part in a hundred of the exact one. */
  private void assertQuantiles(Dataset<Row> rollup, String window, String sql) {
    // Series by all dimensions in one text: null told from empty by a mark.
    String key =
        "concat_ws('|', "
            + String.join(
                ", ",
                RawEvents.DIMENSIONS.stream()
                    .map(d -> "CASE WHEN " + d + " IS NULL THEN '-' ELSE '=' || " + d + " END")
                    .toList())
            + ")";
    List<String> quantiles = new ArrayList<>();
    QUANTILES.forEach(q -> quantiles.add("latency_quantile(latency_histogram, " + q + "D)"));
    Map<String, double[]> actual = new HashMap<>();
    for (Row row :
        rollup
            .where("latency_histogram IS NOT NULL")
            .selectExpr(
                "concat(unix_micros(" + window + "), '|', " + key + ")",
                "array(" + String.join(", ", quantiles) + ")")
            .collectAsList()) {
      actual.put(
          row.getString(0),
          row.<Double>getList(1).stream().mapToDouble(Double::doubleValue).toArray());
    }
    String ranks =
        String.join(
            ", ",
            QUANTILES.stream()
                .map(q -> "latencies[1 + floor(" + q + " * (latency_count - 1))::BIGINT]")
                .toList());
    try (Statement statement = duckdb.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT concat(window_start_micros, '|', "
                    + key
                    + ") , "
                    + ranks
                    + " FROM ("
                    + sql
                    + ") WHERE latency_count > 0")) {
      int compared = 0;
      while (result.next()) {
        double[] got = actual.get(result.getString(1));
        for (int i = 0; i < QUANTILES.size(); i++) {
          double exact = result.getDouble(2 + i);
          assertThat(got[i])
              .as("quantile %s of %s", QUANTILES.get(i), result.getString(1))
              .isBetween(exact * 0.99, exact * 1.01);
        }
        compared++;
      }
      assertThat(compared).isEqualTo(actual.size());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static StructType shape() {
    StructType shape = new StructType().add("window_start_micros", DataTypes.LongType);
    for (String column : COLUMNS) {
      shape =
          shape.add(
              column,
              RawEvents.DIMENSIONS.contains(column) ? DataTypes.StringType : DataTypes.LongType);
    }
    return shape
        .add("first_event_at_micros", DataTypes.LongType)
        .add("last_event_at_micros", DataTypes.LongType)
        .add("latency_count", DataTypes.LongType);
  }

  private static Object value(Row row, String column) {
    return row.get(RawEvents.SCHEMA.fieldIndex(column));
  }

  private static String text(Row row, String column) {
    return (String) value(row, column);
  }

  private static long micros(Row row, String column) {
    Instant instant = ((Timestamp) value(row, column)).toInstant();
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  @Override
  public void close() {
    try {
      duckdb.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
