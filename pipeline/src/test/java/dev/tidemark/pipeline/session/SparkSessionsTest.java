package dev.tidemark.pipeline.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.lake.LocalFiles;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkSessionsTest {
  @Test
  void withoutSparkSubmitItRunsOnAllCoresOfThisMachine() {
    SparkConf settings = settings("", submitted());

    assertThat(settings.get("spark.master")).isEqualTo("local[*]");
    assertThat(settings.get("spark.hadoop.fs.file.impl")).isEqualTo(LocalFiles.class.getName());
  }

  @Test
  void theMasterOfSparkSubmitStays() {
    SparkConf submitted = submitted().set("spark.master", "spark://master:7077");

    SparkConf settings = settings("", submitted);

    assertThat(settings.get("spark.master")).isEqualTo("spark://master:7077");
    assertThat(settings.contains("spark.driver.host")).isFalse();
    assertThat(settings.contains("spark.sql.shuffle.partitions")).isFalse();
    assertThat(settings.contains("spark.hadoop.fs.file.impl")).isFalse();
  }

  @Test
  void sparkSubmitOverridesOurDefaults() {
    SparkConf submitted = submitted().set("spark.ui.enabled", "true");

    assertThat(settings("", submitted).get("spark.ui.enabled")).isEqualTo("true");
  }

  @Test
  void theConfigurationReachesEverySettingOfSpark() {
    SparkConf submitted = submitted().set("spark.sql.shuffle.partitions", "7");

    SparkConf settings =
        settings(
            """
            spark {
              sql.shuffle.partitions = 31
              "speculation" = true, "speculation.interval" = 200ms
            }
            """,
            submitted);

    assertThat(settings.get("spark.sql.shuffle.partitions")).isEqualTo("31");
    assertThat(settings.get("spark.speculation")).isEqualTo("true");
    assertThat(settings.get("spark.speculation.interval")).isEqualTo("200ms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql.session.timeZone = Europe/Berlin",
        "sql.files.ignoreMissingFiles = true",
        "sql.files.ignoreCorruptFiles = true",
        "files.ignoreMissingFiles = true",
        "files.ignoreCorruptFiles = true"
      })
  void whatExactnessRestsOnCannotBeConfiguredAway(String setting) {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> settings("spark { " + setting + " }", submitted()))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .satisfies(e -> assertThat(e.problem()).contains(setting.split(" ")[0]))
        .satisfies(e -> assertThat(e.reason()).contains(setting.split(" ")[2]));
  }

  @Test
  void whatExactnessRestsOnMayBeSaidAgain() {
    assertThat(settings("spark.sql.files.ignoreMissingFiles = FALSE", submitted()))
        .satisfies(
            settings ->
                assertThat(settings.get("spark.sql.files.ignoreMissingFiles")).isEqualTo("false"));
  }

  @Test
  void aClusterThatIsSetUpOtherwiseIsOverruled() {
    SparkConf submitted =
        submitted()
            .set("spark.sql.session.timeZone", "Asia/Tokyo")
            .set("spark.sql.files.ignoreCorruptFiles", "true");

    SparkConf settings = settings("", submitted);

    assertThat(settings.get("spark.sql.session.timeZone")).isEqualTo("UTC");
    assertThat(settings.get("spark.sql.files.ignoreCorruptFiles")).isEqualTo("false");
  }

  @Test
  void extensionsOfTheClusterStayBesideDelta() {
    SparkConf submitted = submitted().set("spark.sql.extensions", "com.example.Audit");

    assertThat(settings("", submitted).get("spark.sql.extensions").split(","))
        .containsExactly("io.delta.sql.DeltaSparkSessionExtension", "com.example.Audit");
  }

  @Test
  void aListIsRefused() {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> settings("spark.sql.extensions = [a, b]", submitted()))
        .satisfies(e -> assertThat(e.problem()).contains("spark.sql.extensions"));
  }

  private static SparkConf settings(String hocon, SparkConf submitted) {
    return SparkSessions.settings(Settings.parse(hocon), submitted);
  }

  private static SparkConf submitted() {
    return new SparkConf(false);
  }
}
