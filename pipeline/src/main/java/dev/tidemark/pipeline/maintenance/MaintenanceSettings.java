package dev.tidemark.pipeline.maintenance;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineFailures;
import java.time.Duration;
import java.util.Optional;

/**
 * When files are put together, and when dead ones go.
 *
 * @param targetFileBytes size that compacted files are to have
 * @param smallFileBytes a file below is small
 * @param mostSmallFiles small files of a date beyond which it is compacted although it is still
 *     being written
 * @param retention how long dead files stay: longer than any run or query takes
 * @param longestRetention how long at most they stay for a rollup that is behind
 * @param eventsDays how many days landed events are kept; empty for ever
 */
public record MaintenanceSettings(
    long targetFileBytes,
    long smallFileBytes,
    int mostSmallFiles,
    Duration retention,
    Duration longestRetention,
    Optional<Long> eventsDays) {
  private static final Duration SHORTEST_RETENTION = Duration.ofHours(1);

  /**
   * Reads the section {@code maintenance}.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if a value cannot be used
   */
  public static MaintenanceSettings from(Config config) {
    String section = "maintenance.";
    Duration retention = Settings.duration(config, section + "retention");
    if (retention.compareTo(SHORTEST_RETENTION) < 0) {
      throw PipelineFailures.retentionTooShort(section + "retention", retention);
    }
    return new MaintenanceSettings(
        bytes(config, section + "target-file-size"),
        bytes(config, section + "small-file-size"),
        (int) Settings.number(config, section + "most-small-files", 2, 1_000_000),
        retention,
        Settings.duration(config, section + "longest-retention"),
        Settings.optionalText(config, section + "events-retention")
            .map(text -> days(config, section + "events-retention")));
  }

  private static long days(Config config, String key) {
    long days = Settings.duration(config, key).toDays();
    if (days < 1) {
      throw PipelineFailures.eventsRetentionTooShort(key);
    }
    return days;
  }

  private static long bytes(Config config, String key) {
    return Settings.value(config, key, c -> c.getBytes(key));
  }
}
