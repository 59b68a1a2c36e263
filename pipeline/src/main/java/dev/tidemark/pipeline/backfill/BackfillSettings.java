package dev.tidemark.pipeline.backfill;

import com.typesafe.config.Config;
import dev.tidemark.migrator.governor.GovernorSettings;
import dev.tidemark.migrator.governor.HealthSettings;
import dev.tidemark.migrator.settings.Settings;

/**
 * At what pace backfills go.
 *
 * @param governor how it steers a backfill from Postgres, in days
 * @param health what it listens to
 * @param firstDays how many days the first chunk has
 * @param daysOfFiles how many days each chunk has where events come from files
 * @param firstRunRows from about how many events on a first rollup goes through the governor
 */
public record BackfillSettings(
    GovernorSettings governor,
    HealthSettings health,
    long firstDays,
    long daysOfFiles,
    long firstRunRows) {
  private static final int DECADE = 3_660;

  /** Reads the sections {@code backfill} and {@code governor}. */
  public static BackfillSettings from(Config config) {
    long mostDays = Settings.number(config, "backfill.most-days", 1, DECADE);
    return new BackfillSettings(
        GovernorSettings.of(config)
            .withInterval(Settings.duration(config, "backfill.interval"))
            .withSizes(1, mostDays),
        HealthSettings.of(config),
        Settings.number(config, "backfill.first-days", 1, mostDays),
        Settings.number(config, "backfill.days-of-files", 1, DECADE),
        Settings.number(config, "backfill.first-run-rows", 0, Long.MAX_VALUE));
  }
}
