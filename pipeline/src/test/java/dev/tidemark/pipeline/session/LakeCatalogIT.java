package dev.tidemark.pipeline.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeCatalogIT {
  @TempDir Path folder;

  @Test
  void everyTableOfTheLakeIsKnownByItsName() throws IOException {
    SparkSession spark = session();
    write(spark, "orders", 3);
    write(spark, "not-a-name", 1);
    write(spark, "items", 5);
    Files.createDirectories(lake().resolve("not_a_table"));

    LakeCatalog catalog = LakeCatalog.register(spark, config());

    assertThat(catalog.tables()).containsExactly("items", "orders");
    assertThat(spark.table("items").count()).isEqualTo(5);
    assertThat(spark.table("orders").count()).isEqualTo(3);
  }

  @Test
  void aTableKeepsItsHistoryAndGainsNone() {
    SparkSession spark = session();
    write(spark, "usage_events", 4);
    spark.range(6).write().format("delta").mode("append").save(lake().resolve("usage_events") + "");

    LakeCatalog.register(spark, config());

    assertThat(spark.sql("DESCRIBE HISTORY usage_events").select("version").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(1L, 0L);
    Row before = spark.sql("SELECT count(*) FROM usage_events VERSION AS OF 0").head();
    assertThat(before.getLong(0)).isEqualTo(4);
  }

  @Test
  void aFolderWithoutTablesIsNoLake() {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> LakeCatalog.register(session(), config()))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .satisfies(e -> assertThat(e.problem()).contains(lake().toString()));
  }

  @Test
  void anUnknownFileSystemIsOutOfReach() {
    Config config = Settings.parse("lake.path = \"gopher://lake\"");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> LakeCatalog.register(session(), config))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
  }

  private void write(SparkSession spark, String table, long rows) {
    spark.range(rows).write().format("delta").save(lake().resolve(table).toString());
  }

  /** A name that has to be quoted with care. */
  private Path lake() {
    return folder.resolve("the lake's");
  }

  private Config config() {
    return Settings.parse(
        "home = \"%1$s\", lake.path = \"%1$s\", spark.sql.shuffle.partitions = 2"
            .formatted(lake()));
  }

  /**
   * A session whose table names are its own, and which can list them: interpreted, Spark cannot.
   */
  private SparkSession session() {
    SparkSession spark =
        ((org.apache.spark.sql.classic.SparkSession) SparkSessions.open(config(), "LakeCatalogIT"))
            .cloneSession();
    spark.conf().set("spark.sql.codegen.factoryMode", "FALLBACK");
    spark
        .catalog()
        .listTables()
        .collectAsList()
        .forEach(table -> spark.sql("DROP TABLE `" + table.name() + "`"));
    return spark;
  }
}
