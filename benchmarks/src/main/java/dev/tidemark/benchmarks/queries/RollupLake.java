package dev.tidemark.benchmarks.queries;

import dev.tidemark.benchmarks.generator.EventFiles;
import dev.tidemark.benchmarks.lakes.LandedLake;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.pipeline.histogram.LatencyHistogram;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.maintenance.Maintenance;
import dev.tidemark.pipeline.maintenance.MaintenanceSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * A lake whose rollups hold made-up rows, written by the product's tables and laid out by its
 * maintenance; there are no events behind them.
 */
final class RollupLake {
  private RollupLake() {}

  /**
   * The lake with so many rows in either rollup, made now if it is not there.
   *
   * @param maintenance lays the files out
   */
  static Lake of(
      SparkSession spark,
      Path folder,
      long rows,
      MaintenanceSettings maintenance,
      Consumer<String> progress)
      throws IOException {
    Path complete = folder.resolveSibling(folder.getFileName() + "_complete");
    if (Files.exists(complete)) {
      return Lake.at(spark, folder.toString());
    }
    EventFiles.delete(folder);
    Lake lake = LandedLake.empty(spark, folder);
    UDF2<String, Integer, String> uuid =
        (kind, number) ->
            UUID.nameUUIDFromBytes((kind + " " + number).getBytes(StandardCharsets.UTF_8))
                .toString();
    spark.udf().register("uuid_of", uuid, DataTypes.StringType);
    UDF2<Long, Long, byte[]> histogram = RollupLake::histogram;
    spark.udf().register("histogram_of", histogram, DataTypes.BinaryType);
    spark
        .sql(resource("series-rows.sql").replace("${rows}", Long.toString(rows)))
        .createOrReplaceTempView("series_rows");
    append(lake.usageDaily(), spark, "daily.sql", "usage_month", progress);
    append(lake.usageHourly(), spark, "hourly.sql", "usage_date", progress);
    progress.accept("laying the files out, as maintain does");
    new Maintenance(lake, maintenance, "bench").run(false, (table, number, of) -> {});
    Files.createFile(complete);
    return lake;
  }

  private static void append(
      LakeTable table,
      SparkSession spark,
      String sql,
      String partition,
      Consumer<String> progress) {
    progress.accept("making " + table.name());
    table.append(
        () -> spark.sql(resource(sql)).repartition(functions.col(partition)), "bench", 1, "bench");
  }

  /** Latencies around a second that follow from the row's number. */
  private static byte[] histogram(long row, long requests) {
    LatencyHistogram histogram = new LatencyHistogram();
    long bits = (row + 1) * 0x9E3779B97F4A7C15L;
    for (long request = 0; request < requests; request++) {
      bits = (bits ^ bits >>> 29) * 0xBF58476D1CE4E5B9L;
      double uniform = ((bits >>> 11) + 1) / (double) (1L << 53);
      histogram.add((long) Math.min(600_000, 400 / Math.sqrt(uniform)));
    }
    return histogram.encode();
  }

  static String resource(String name) {
    return SqlResource.read(RollupLake.class, name);
  }
}
