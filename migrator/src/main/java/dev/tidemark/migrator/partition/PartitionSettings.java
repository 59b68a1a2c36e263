package dev.tidemark.migrator.partition;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.tidemark.migrator.operation.MigratorSettings;
import dev.tidemark.migrator.settings.Settings;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How partitions are cared for.
 *
 * @param ahead how far from now partitions are made
 * @param policies what happens to the old partitions of each table
 * @param patience how long and how often locks are waited for
 */
record PartitionSettings(
    Period ahead, Map<PartitionedTable, Policy> policies, MigratorSettings patience) {

  /**
   * What happens to the old partitions of a table.
   *
   * @param retention how long after its end a partition is kept; empty for ever
   * @param retirement what happens then
   */
  record Policy(Optional<Period> retention, Retirement retirement) {
    /** Partitions that end by then are old; empty if none ever is. */
    Optional<Instant> limit(Instant now) {
      return retention.map(period -> now.atZone(ZoneOffset.UTC).minus(period).toInstant());
    }
  }

  /** What happens to a partition that is old. */
  enum Retirement {
    /** It becomes a table of its own, {@code archived_<name>}. */
    DETACH,
    /** It goes with its rows. */
    DROP
  }

  /** Reads the sections {@code partitions} and {@code migrate}. */
  static PartitionSettings of(Config config) {
    Map<PartitionedTable, Policy> policies = new EnumMap<>(PartitionedTable.class);
    for (PartitionedTable table : PartitionedTable.values()) {
      policies.put(table, policy(config, table.settingsKey()));
    }
    return new PartitionSettings(
        period(config, "partitions.ahead"), Map.copyOf(policies), MigratorSettings.of(config));
  }

  private static Policy policy(Config config, String section) {
    String retention = section + ".retention";
    String word = Settings.choice(config, section + ".retire", List.of("detach", "drop"));
    return new Policy(
        config.hasPath(retention) ? Optional.of(period(config, retention)) : Optional.empty(),
        Retirement.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  private static Period period(Config config, String key) {
    return Settings.value(
        config,
        key,
        c -> {
          Period period = c.getPeriod(key);
          if (period.isNegative() || period.isZero()) {
            throw new ConfigException.BadValue(
                key, period + " is not a time that passes; give one such as 24 months or 8 weeks");
          }
          return period;
        });
  }
}
