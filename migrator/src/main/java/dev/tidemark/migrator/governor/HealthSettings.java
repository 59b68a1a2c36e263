package dev.tidemark.migrator.governor;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * Which signals of a server's health ask for what.
 *
 * @param cores of the server's machine
 * @param activeSessions sessions at work for each core
 * @param replicationLag seconds
 * @param oldestTransaction seconds
 * @param walBacklog bytes
 * @param walRate bytes a second
 * @param vacuum vacuums at work on the table
 * @param canary latency as a multiple of its own baseline
 * @param canaryQuery what the canary executes; empty for the job's own choice
 * @param canaryPause after how long its next query is due
 */
public record HealthSettings(
    int cores,
    Threshold activeSessions,
    Threshold replicationLag,
    Threshold oldestTransaction,
    Threshold walBacklog,
    Threshold walRate,
    Threshold vacuum,
    Threshold canary,
    Optional<String> canaryQuery,
    Duration canaryPause) {
  private static final String SIGNALS = "governor.signals.";

  /** Where nobody says how many cores the server has: a small one. */
  private static final int ASSUMED_CORES = 4;

  /** Reads the section {@code governor}. */
  public static HealthSettings of(Config config) {
    return new HealthSettings(
        config.hasPath("governor.cores")
            ? (int) Settings.number(config, "governor.cores", 1, 10_000)
            : ASSUMED_CORES,
        threshold(config, "active-sessions", Unit.NUMBER),
        threshold(config, "replication-lag", Unit.SECONDS),
        threshold(config, "oldest-transaction", Unit.SECONDS),
        threshold(config, "wal-backlog", Unit.BYTES),
        threshold(config, "wal-rate", Unit.BYTES),
        threshold(config, "vacuum", Unit.NUMBER),
        threshold(config, "canary", Unit.NUMBER),
        Settings.optionalText(config, SIGNALS + "canary.query"),
        Settings.duration(config, SIGNALS + "canary.pause"));
  }

  private enum Unit {
    NUMBER,
    SECONDS,
    BYTES
  }

  private static Threshold threshold(Config config, String signal, Unit unit) {
    return Settings.value(
        config,
        SIGNALS + signal,
        c -> Threshold.of(c, SIGNALS + signal, (d, key) -> read(d, key, unit)));
  }

  private static double read(Config config, String key, Unit unit) {
    return switch (unit) {
      case NUMBER -> config.getDouble(key);
      case SECONDS -> config.getDuration(key).toMillis() / 1e3;
      case BYTES -> config.getBytes(key);
    };
  }
}
