package dev.tidemark.benchmarks.rollup;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;

import dev.tidemark.pipeline.source.RawEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The job as most teams write it: dropDuplicates, groupBy, percentile_approx, MERGE. */
final class PlainSpark {
  private PlainSpark() {}

  /** Hours of delivered events. */
  static Dataset<Row> groups(SparkSession spark, Path files) {
    List<Column> keys = new ArrayList<>();
    keys.add(expr("date_trunc('HOUR', occurred_at)").as("hour_start"));
    RawEvents.DIMENSIONS.stream().map(functions::col).forEach(keys::add);
    return spark
        .read()
        .parquet(files.toString())
        .dropDuplicates(new String[] {"event_id", "occurred_at"})
        .groupBy(keys.toArray(Column[]::new))
        .agg(
            count(lit(1)).as("request_count"),
            count_if(col("status").notEqual("success")).as("error_count"),
            sum("input_tokens").as("input_tokens"),
            sum("cached_input_tokens").as("cached_input_tokens"),
            sum("output_tokens").as("output_tokens"),
            sum("cost_nano_usd").as("cost_nano_usd"),
            sum("latency_ms").as("latency_ms_sum"),
            min("latency_ms").as("latency_ms_min"),
            max("latency_ms").as("latency_ms_max"),
            expr("percentile_approx(latency_ms, array(0.5, 0.95, 0.99))").as("latency_quantiles"),
            min("occurred_at").as("first_event_at"),
            max("occurred_at").as("last_event_at"))
        .withColumn("usage_date", to_date(col("hour_start")));
  }

  /** Makes the table that hours go to. */
  static void create(SparkSession spark, Path table, Path files) {
    groups(spark, files)
        .limit(0)
        .write()
        .format("delta")
        .partitionBy("usage_date")
        .save(table.toString());
  }

  /** Brings the table up to date. */
  static void merge(SparkSession spark, Path table, Path files) {
    groups(spark, files).createOrReplaceTempView("plain_groups");
    String keys =
        RawEvents.DIMENSIONS.stream()
            .map(name -> " AND held.%1$s <=> made.%1$s".formatted(name))
            .collect(Collectors.joining());
    spark.sql(
        "MERGE INTO delta.`%s` AS held USING plain_groups AS made".formatted(table)
            + " ON held.hour_start = made.hour_start"
            + keys
            + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
  }
}
