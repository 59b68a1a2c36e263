package dev.tidemark.migrator.operation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How patient the migrator is, and what scripts are filled in with.
 *
 * @param lockTimeout how long one attempt of a statement waits for its locks
 * @param lockAttempts how many attempts a statement has; at least 1
 * @param lockPause the pause after the first attempt; it doubles from attempt to attempt
 * @param placeholders values for <code>${name}</code> in scripts
 */
public record MigratorSettings(
    Duration lockTimeout, int lockAttempts, Duration lockPause, Map<String, String> placeholders) {

  /** Reads the section {@code migrate}. */
  public static MigratorSettings of(Config config) {
    Map<String, String> placeholders = new LinkedHashMap<>();
    config
        .getConfig("migrate.placeholders")
        .entrySet()
        .forEach(
            entry -> placeholders.put(entry.getKey(), entry.getValue().unwrapped().toString()));
    return new MigratorSettings(
        Settings.duration(config, "migrate.lock-timeout"),
        (int) Settings.number(config, "migrate.lock-attempts", 1, 1000),
        Settings.duration(config, "migrate.lock-pause"),
        Map.copyOf(placeholders));
  }
}
