package dev.tidemark.pipeline.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.settings.Settings;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityTest {
  private static final int MACHINE = 8;

  @ParameterizedTest
  @CsvSource({
    "local[*],   1.0, local[*],    8",
    "local[*],   0.5, local[4],    4",
    "'local[*,3]', 0.5, 'local[4,3]', 4",
    "local[2],   0.5, local[2],    2",
    "local[16],  1.0, local[16],  16",
    "local[16],  0.3, local[2],    2",
    "local[*],  0.01, local[1],    1",
    "local,      0.5, local,       1",
  })
  void aLocalMasterTakesItsShareOfThisMachine(
      String master, double share, String kept, int allowed) {
    SparkConf settings = limited("capacity.local-share = " + share, master);

    assertThat(settings.get("spark.master")).isEqualTo(kept);
    assertThat(settings.getInt(Capacity.ALLOWED, -1)).isEqualTo(allowed);
    assertThat(settings.getInt(Capacity.PROVISIONED, -1)).isEqualTo(MACHINE);
  }

  @Test
  void ofAStandaloneClusterHalfIsUsedUnlessConfigured() {
    assertThat(limited("", "spark://m:7077").get("spark.cores.max")).isEqualTo("15");
    assertThat(limited("capacity.share = 0.25", "spark://m:7077").get("spark.cores.max"))
        .isEqualTo("7");
    assertThat(limited("capacity.cores = 100", "spark://m:7077").get("spark.cores.max"))
        .isEqualTo("50");
  }

  @Test
  void lessThanTheShareMayBeAskedFor() {
    assertThat(limited("", "spark://m:7077", "spark.cores.max", "3").get("spark.cores.max"))
        .isEqualTo("3");
    assertThat(limited("", "spark://m:7077", "spark.cores.max", "40").get("spark.cores.max"))
        .isEqualTo("15");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "k8s://https://api:443"})
  void elsewhereExecutorsAreCounted(String master) {
    SparkConf fixed =
        limited(
            "capacity.cores = 24",
            master,
            "spark.executor.cores",
            "5",
            "spark.executor.instances",
            "9");
    assertThat(fixed.get("spark.executor.instances")).isEqualTo("2");
    assertThat(fixed.getInt(Capacity.ALLOWED, -1)).isEqualTo(10);

    SparkConf dynamic =
        limited(
            "capacity.cores = 24",
            master,
            "spark.dynamicAllocation.enabled",
            "true",
            "spark.executor.cores",
            "4",
            "spark.dynamicAllocation.minExecutors",
            "7");
    assertThat(dynamic.get("spark.dynamicAllocation.maxExecutors")).isEqualTo("3");
    assertThat(dynamic.get("spark.dynamicAllocation.minExecutors")).isEqualTo("3");
    assertThat(dynamic.contains("spark.executor.instances")).isFalse();
  }

  @Test
  void whereNobodySaysHowManyCoresThereAreNothingIsLimited() {
    SparkConf settings = limited("", "yarn");

    assertThat(settings.contains(Capacity.ALLOWED)).isFalse();
    assertThat(settings.contains("spark.executor.instances")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"share = 0", "share = 1.1", "local-share = -1", "share = half", "cores = 0"})
  void anythingElseIsRefused(String setting) {
    assertThatThrownBy(() -> limited("capacity { " + setting + " }", "local[*]"))
        .hasMessageContaining("capacity." + setting.split(" ")[0]);
  }

  private static SparkConf limited(String hocon, String master, String... namesAndValues) {
    SparkConf settings = new SparkConf(false).set("spark.master", master);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.set(namesAndValues[i], namesAndValues[i + 1]);
    }
    Capacity.from(Settings.parse(hocon)).limit(settings, MACHINE, asked -> OptionalInt.of(31));
    return settings;
  }
}
