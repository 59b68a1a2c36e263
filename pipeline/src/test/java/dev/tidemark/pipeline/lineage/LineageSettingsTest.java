package dev.tidemark.pipeline.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineageSettingsTest {
  @Test
  void nobodyIsToldUnlessNamed() {
    assertThat(LineageSettings.from(Settings.parse("")).isOn()).isFalse();
    assertThat(LineageSettings.from(Settings.parse("lineage.file = /tmp/x")).isOn()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"marquez:5000", "ftp://marquez/x", "http:///x", "http://a b", "no url"})
  void whatCannotBePostedToIsRefused(String url) {
    assertThatThrownBy(() -> LineageSettings.from(Settings.parse("lineage.url = \"" + url + "\"")))
        .isInstanceOfSatisfying(
            UserFailure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("TM-PIP-120");
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
            });
  }

  @Test
  void theKeyIsNotShown() {
    assertThat(LineageSettings.from(Settings.parse("lineage.api-key = hidden")).toString())
        .doesNotContain("hidden");
  }
}
