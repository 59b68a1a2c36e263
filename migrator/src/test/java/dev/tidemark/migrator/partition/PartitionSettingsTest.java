package dev.tidemark.migrator.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.partition.PartitionSettings.Policy;
import dev.tidemark.migrator.partition.PartitionSettings.Retirement;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.settings.SettingsException;
import java.time.Instant;
import java.time.Period;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionSettingsTest {
  @Test
  void usageEventsAreKeptForTwoYearsAndThenDetached() {
    PartitionSettings settings = PartitionSettings.of(Settings.parse(""));

    assertThat(settings.ahead()).isEqualTo(Period.ofWeeks(8));
    assertThat(settings.policies()).containsOnlyKeys(PartitionedTable.values());
    assertThat(settings.policies().get(PartitionedTable.USAGE_EVENTS))
        .isEqualTo(new Policy(Optional.of(Period.ofMonths(24)), Retirement.DETACH));
  }

  @Test
  void withoutARetentionNothingIsEverOld() {
    PartitionSettings settings =
        PartitionSettings.of(Settings.parse("partitions.metering-events.retention = null"));

    assertThat(settings.policies().get(PartitionedTable.METERING_EVENTS).limit(Instant.EPOCH))
        .isEmpty();
  }

  @Test
  void monthsAreThoseOfTheCalendar() {
    Policy policy = new Policy(Optional.of(Period.ofMonths(24)), Retirement.DROP);

    assertThat(policy.limit(Instant.parse("2026-02-28T12:00:00Z")))
        .contains(Instant.parse("2024-02-28T12:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "partitions.ahead = 0 days",
        "partitions.ahead = -1 week",
        "partitions.ahead = soon",
        "partitions.usage-events.retention = 0 months",
        "partitions.usage-events.retire = burn",
        "partitions.usage-evens.retention = 1 month"
      })
  void badValuesAreRefused(String hocon) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> PartitionSettings.of(Settings.parse(hocon)))
        .withMessageContaining("partitions.");
  }
}
