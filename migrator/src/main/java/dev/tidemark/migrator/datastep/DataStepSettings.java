package dev.tidemark.migrator.datastep;

import com.typesafe.config.Config;
import dev.tidemark.migrator.governor.GovernorSettings;
import dev.tidemark.migrator.governor.HealthSettings;
import dev.tidemark.migrator.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * At what pace data steps go.
 *
 * @param pace what the governor is to do; empty for batches of one size without pauses
 * @param budget how long the data steps of one operation may take; empty for as long as they need
 */
public record DataStepSettings(Optional<Pace> pace, Optional<Duration> budget) {
  /** For throw-away databases, where nobody is in the way. */
  public static final DataStepSettings UNGOVERNED =
      new DataStepSettings(Optional.empty(), Optional.empty());

  /**
   * What the governor is to do.
   *
   * @param governor how it steers
   * @param health what it listens to
   */
  public record Pace(GovernorSettings governor, HealthSettings health) {}

  /** Reads {@code governor} and {@code migrate.data-step-budget}. */
  public static DataStepSettings of(Config config) {
    Optional<Duration> budget =
        config.hasPath("migrate.data-step-budget")
            ? Optional.of(Settings.duration(config, "migrate.data-step-budget"))
            : Optional.empty();
    return new DataStepSettings(
        Optional.of(new Pace(GovernorSettings.of(config), HealthSettings.of(config))), budget);
  }
}
