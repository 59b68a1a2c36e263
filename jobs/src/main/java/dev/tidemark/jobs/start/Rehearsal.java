package dev.tidemark.jobs.start;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.jobs.sql.TidemarkSql;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.session.SparkSessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Goes once through what commands do with Spark and Delta, so that the launcher can keep the
 * classes which that loads in an archive of the JVM.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /**
   * Makes a lake with one table, changes it, reads it back.
   *
   * @param arguments an empty folder, which is the caller's to remove
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path file = folder.resolve("rehearsal.conf");
    Files.writeString(
        file,
        ConfigFactory.parseMap(
                Map.of("home", folder.toString(), "lake.path", folder.resolve("lake").toString()))
            .root()
            .render());

    Config config = Settings.parse(Files.readString(file));
    try (SparkSession spark = SparkSessions.open(config, "rehearsal")) {
      changeTable(spark, folder.resolve("lake").resolve("rehearsal").toString());
    }
    String query =
        "SELECT n % 7 AS k, sum(n) AS s, max(at) AS latest FROM rehearsal GROUP BY 1 ORDER BY 1;"
            + " DESCRIBE HISTORY rehearsal";
    System.exit(
        TidemarkSql.run(
            Console.system(), "--config", file.toString(), "--format", "csv", "-e", query));
  }

  private static void changeTable(SparkSession spark, String path) {
    String rows = "SELECT id AS n, uuid() AS name, now() AS at, date '2026-01-01' AS day FROM ";
    spark
        .sql(rows + "range(0, 1000)")
        .write()
        .format("delta")
        .partitionBy("day")
        .option("delta.enableChangeDataFeed", "true")
        .save(path);
    spark.sql(
        "MERGE INTO delta.`"
            + path
            + "` AS t USING ("
            + rows
            + "range(500, 1500)) AS s ON t.day = date '2026-01-01' AND t.n <=> s.n"
            + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
    spark
        .read()
        .format("delta")
        .option("readChangeFeed", "true")
        .option("startingVersion", 0)
        .load(path)
        .groupBy("_change_type")
        .count()
        .collectAsList();
  }
}
