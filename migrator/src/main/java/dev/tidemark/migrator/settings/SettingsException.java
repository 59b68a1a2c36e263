package dev.tidemark.migrator.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import java.nio.file.Path;

/** A configuration that cannot be used. */
public final class SettingsException extends UserFailure {
  private static final long serialVersionUID = 1L;

  private SettingsException(
      String code, String problem, String reason, String remedy, Throwable cause) {
    super(code, ExitCode.USAGE, problem, reason, remedy, cause);
  }

  static SettingsException missingFile(Path file) {
    return new SettingsException(
        "TM-CFG-001",
        "The configuration file " + file + " cannot be read",
        "there is no readable file of that name",
        "give an existing file with --config, or leave --config out to use the defaults",
        null);
  }

  static SettingsException unreadable(String source, ConfigException cause) {
    return new SettingsException(
        "TM-CFG-002",
        "The configuration in " + source + " cannot be parsed",
        String.valueOf(cause.getMessage()),
        "correct the file; its format is HOCON, explained in docs/configuration.md",
        cause);
  }

  static SettingsException unknownKey(String key, ConfigOrigin origin, String suggestion) {
    return new SettingsException(
        "TM-CFG-003",
        "The configuration key \"" + key + "\" is not known",
        "it stands in " + origin.description() + " and no command reads it",
        suggestion == null
            ? "remove it, or look up the right name in docs/configuration.md"
            : "did you mean \"" + suggestion + "\"? All keys are in docs/configuration.md",
        null);
  }

  static SettingsException badValue(String key, String reason, String remedy, Throwable cause) {
    return new SettingsException(
        "TM-CFG-004",
        "The value of the configuration key \"" + key + "\" cannot be used",
        reason,
        remedy,
        cause);
  }
}
