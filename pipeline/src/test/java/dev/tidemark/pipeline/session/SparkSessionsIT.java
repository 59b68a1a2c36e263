package dev.tidemark.pipeline.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TimeZone;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkSessionsIT {
  @TempDir Path folder;

  /** A running session would be taken, whatever its master. */
  @BeforeEach
  void stopTheRunningSession() {
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
  }

  @Test
  void aMasterThatSparkDoesNotKnowIsTheUsersToMend() {
    Config config = Settings.parse("home = \"" + folder + "\", spark.master = \"nonsense\"");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> SparkSessions.open(config, "SparkSessionsIT"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .satisfies(e -> assertThat(e.problem()).contains("nonsense"));
  }

  @Test
  void theSessionKnowsDeltaAndIsUtcWhereverTheMachineStands() throws IOException {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    Config config = Settings.parse("home = \"" + folder + "\"");

    try (SparkSession spark = SparkSessions.open(config, "SparkSessionsIT")) {
      String table = folder.resolve("times").toString();
      spark.sql("SELECT timestamp '2026-03-29 02:30:00' AS at").write().format("delta").save(table);

      assertThat(spark.sql("SELECT CAST(at AS string) FROM delta.`" + table + "`").head().get(0))
          .isEqualTo("2026-03-29 02:30:00");
      assertThat(spark.sql("SELECT unix_seconds(at) FROM delta.`" + table + "`").head().get(0))
          .isEqualTo(Instant.parse("2026-03-29T02:30:00Z").getEpochSecond());
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
