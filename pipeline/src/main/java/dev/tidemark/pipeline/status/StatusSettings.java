package dev.tidemark.pipeline.status;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.time.Duration;

/**
 * What is a reason to act.
 *
 * @param mostBehind how long ago the newest run may have begun that brought the rollups up to date
 * @param maintenanceDue how long ago the last maintenance may have ended; zero for ever
 * @param longestTransaction how long a transaction of the source's server may be open; zero for
 *     ever
 */
public record StatusSettings(
    Duration mostBehind, Duration maintenanceDue, Duration longestTransaction) {
  /**
   * Reads the section {@code status} and {@code landing.longest-transaction}.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if a value cannot be used
   */
  public static StatusSettings from(Config config) {
    return new StatusSettings(
        Settings.duration(config, "status.most-behind"),
        Settings.duration(config, "status.maintenance-due"),
        Settings.duration(config, "landing.longest-transaction"));
  }
}
