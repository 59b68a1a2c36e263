package dev.tidemark.migrator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path folder;

  @Test
  void theFileLiesOverTheDefaults() throws IOException {
    Path file = Files.writeString(folder.resolve("my.conf"), "home = /data/tidemark");

    Config config = Settings.load(Optional.of(file));

    assertThat(config.getString("home")).isEqualTo("/data/tidemark");
    assertThat(config.getString("database.url")).isNotEmpty();
  }

  @Test
  void aMistypedKeyIsRefusedWithTheLikelyName() throws IOException {
    Path file = Files.writeString(folder.resolve("my.conf"), "database {\n  ulr = embedded\n}");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.load(Optional.of(file)))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .satisfies(e -> assertThat(e.problem()).contains("database.ulr"))
        .satisfies(e -> assertThat(e.reason()).contains("my.conf: 2"))
        .satisfies(e -> assertThat(e.remedy()).contains("database.url"));
  }

  @Test
  void anUnknownSectionIsRefused() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.parse("databse { url = embedded }"))
        .satisfies(e -> assertThat(e.remedy()).contains("database"));
  }

  @Test
  void aSectionOfAModuleThatIsNotOnTheClassPathIsLeftAlone() {
    assertThat(Settings.parse("lake.path = /data/lake").getString("lake.path"))
        .isEqualTo("/data/lake");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.load(Optional.of(folder.resolve("none.conf"))))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-CFG-001"))
        .withMessageContaining("none.conf");
  }

  @Test
  void aFileThatIsNotHoconIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("my.conf"), "home = { broken");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.load(Optional.of(file)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-CFG-002"));
  }

  @Test
  void valuesOfTheWrongKindNameTheKey() {
    Config config = Settings.parse("lake { wait = soon, zone = Mars, count = 12, word = blue }");

    assertThat(Settings.number(config, "lake.count", 1, 12)).isEqualTo(12);
    assertRefused("lake.wait", () -> Settings.duration(config, "lake.wait"));
    assertRefused("lake.zone", () -> Settings.zone(config, "lake.zone"));
    assertRefused("lake.count", () -> Settings.number(config, "lake.count", 1, 11));
    assertRefused("lake.word", () -> Settings.choice(config, "lake.word", List.of("red")));
    assertRefused("lake.none", () -> Settings.text(config, "lake.none"));
  }

  @Test
  void durationsAreRead() {
    Config config = Settings.parse("lake { wait = 36h, back = -5m }");

    assertThat(Settings.duration(config, "lake.wait")).isEqualTo(Duration.ofHours(36));
    assertRefused("lake.back", () -> Settings.duration(config, "lake.back"));
  }

  private static void assertRefused(String key, Runnable reading) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(reading::run)
        .satisfies(e -> assertThat(e.problem()).contains(key))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
  }
}
