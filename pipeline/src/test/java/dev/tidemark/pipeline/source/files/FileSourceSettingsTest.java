package dev.tidemark.pipeline.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSourceSettingsTest {
  @Test
  void everyKeyIsRead() {
    FileSourceSettings settings =
        Samples.settings(
            """
            type = files, format = json, path = "/data/in", time-zone = Europe/Berlin
            options { multiLine = true, a.b = 3 }
            columns { occurred_at = "t", input_tokens = 5, event_id = null }
            """);

    assertThat(settings)
        .isEqualTo(
            new FileSourceSettings(
                FileFormat.JSON,
                "/data/in",
                Map.of("multiLine", "true", "a.b", "3"),
                Map.of("occurred_at", "t", "input_tokens", "5"),
                ZoneId.of("Europe/Berlin")));
  }

  @Test
  void timesAreUtcAndNothingElseIsSetUnlessSaid() {
    FileSourceSettings settings =
        Samples.settings("format = csv, path = in, columns { occurred_at = t }");

    assertThat(settings.timeZone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(settings.options()).isEmpty();
  }

  @Test
  void aColumnThatEventsDoNotHaveIsRefusedWithThoseThatTheyHave() {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(
            () ->
                Samples.settings(
                    "format = csv, path = in, columns { occurred_at = t, tokens = x }"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .satisfies(e -> assertThat(e.problem()).contains("source.columns.tokens"))
        .satisfies(e -> assertThat(e.reason()).contains("input_tokens", "cost_nano_usd"));
  }

  @Test
  void whatTheLandingAddsIsNoColumnOfAnEvent() {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(
            () ->
                Samples.settings(
                    "format = csv, path = in, columns { occurred_at = t, source_name = x }"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-PIP-010"));
  }

  @Test
  void theTimeMustBeMapped() {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> Samples.settings("format = csv, path = in, columns { provider = x }"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .withMessageContaining("occurred_at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mode", "MODE", "pathGlobFilter", "samplingRatio", "ignoreCorruptFiles"})
  void optionsThatLoseRowsOrFilesAreRefused(String option) {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(
            () ->
                Samples.settings(
                    "format = csv, path = in, columns { occurred_at = t }, options { "
                        + option
                        + " = x }"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-PIP-012"))
        .withMessageContaining(option);
  }

  @Test
  void jsonIsUtf8() {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(
            () ->
                Samples.settings(
                    "format = json, path = in, columns { occurred_at = t },"
                        + " options { Encoding = UTF-16 }"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-PIP-013"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "path = in, columns { occurred_at = t }",
        "format = xml, path = in, columns { occurred_at = t }",
        "format = csv, columns { occurred_at = t }",
        "format = csv, path = in, columns { occurred_at = [t] }",
        "format = csv, path = in, time-zone = Europe/Berlln, columns { occurred_at = t }",
        "format = csv, path = in, timezone = UTC, columns { occurred_at = t }"
      })
  void missingAndMistypedValuesAreBadUsage(String source) {
    assertThatExceptionOfType(UserFailure.class)
        .isThrownBy(() -> Samples.settings(source))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void theExampleInTheRepositoryIsAccepted() {
    FileSourceSettings settings =
        FileSourceSettings.from(
            Settings.load(Optional.of(Path.of("..", "conf", "azure-llm-trace.conf"))));

    assertThat(settings.format()).isEqualTo(FileFormat.CSV);
    assertThat(settings.columns()).containsEntry("input_tokens", "ContextTokens");
  }
}
