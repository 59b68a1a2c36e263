package dev.tidemark.pipeline.publication;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * What is published.
 *
 * @param enabled whether anything is
 * @param retentions how long after its end a month stays in Postgres, by grain; what {@code migrate
 *     partitions} has retired is not published again. Without an entry: for ever
 */
public record PublicationSettings(boolean enabled, Map<String, Period> retentions) {
  /** No event is as early as this. */
  private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);

  /**
   * Reads the sections {@code publish} and {@code partitions}.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if a value cannot be used
   */
  public static PublicationSettings from(Config config) {
    Map<String, Period> retentions = new HashMap<>();
    for (Grain grain : Grain.values()) {
      String key = "partitions.usage-summaries-" + grain.label() + ".retention";
      if (Settings.optionalText(config, key).isPresent()) {
        retentions.put(grain.label(), Settings.value(config, key, read -> read.getPeriod(key)));
      }
    }
    String enabled = "publish.summaries";
    return new PublicationSettings(
        Settings.value(config, enabled, read -> read.getBoolean(enabled)), Map.copyOf(retentions));
  }

  /** Whether the windows of a month are to be in Postgres. */
  boolean holds(Grain grain, LocalDate month, Instant now) {
    Period retention = retentions.get(grain.label());
    return retention == null
        || month
            .plusMonths(1)
            .plus(retention)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant()
            .isAfter(now);
  }

  /** The first month, named by its first day, whose windows are to be in Postgres. */
  LocalDate firstMonth(Grain grain, Instant now) {
    LocalDate month = EARLIEST;
    if (retentions.containsKey(grain.label())) {
      month = LocalDate.ofInstant(now, ZoneOffset.UTC).withDayOfMonth(1);
      while (holds(grain, month.minusMonths(1), now)) {
        month = month.minusMonths(1);
      }
    }
    return month;
  }
}
