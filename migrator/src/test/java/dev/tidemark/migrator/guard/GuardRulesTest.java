package dev.tidemark.migrator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.migrator.changeset.Expectation;
import dev.tidemark.migrator.guard.ContractRule.NewShape;
import dev.tidemark.migrator.guard.ContractRule.Obstacle;
import dev.tidemark.migrator.guard.ContractRule.OldShape;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuardRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  @Test
  void anExpectationIsAValueOrABound() {
    assertThat(new Expectation("0").isMetBy("0.00")).isTrue();
    assertThat(new Expectation("+3").isMetBy("3")).isTrue();
    assertThat(new Expectation("-3").isMetBy("3")).isFalse();
    assertThat(new Expectation("true").isMetBy("true")).isTrue();
    assertThat(new Expectation("ready").isMetBy("Ready")).isFalse();
    assertThat(new Expectation("ready").isMetBy(null)).isFalse();
    assertThat(new Expectation(">= 10").isMetBy("10")).isTrue();
    assertThat(new Expectation("> 10").isMetBy("10")).isFalse();
    assertThat(new Expectation("<=10").isMetBy("10.0")).isTrue();
    assertThat(new Expectation("< 10").isMetBy("10")).isFalse();
    assertThat(new Expectation("< 10").isMetBy("9")).isTrue();
    assertThat(new Expectation("< 10").isMetBy("few")).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new Expectation(">= many"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Expectation(" "));
  }

  @Test
  void aWindowOpensByLocalTimeAndMayEndOnTheDayAfter() {
    // Saturdays 22:00 to Sundays 04:00 in Berlin, which is UTC+1 in November and UTC+2 in July.
    MaintenanceWindow window =
        new MaintenanceWindow(
            Set.of(DayOfWeek.SATURDAY),
            LocalTime.of(22, 0),
            LocalTime.of(4, 0),
            ZoneId.of("Europe/Berlin"));

    assertThat(window.isOpen(Instant.parse("2026-11-28T20:59:59Z"))).isFalse();
    assertThat(window.isOpen(Instant.parse("2026-11-28T21:00:00Z"))).isTrue();
    assertThat(window.isOpen(Instant.parse("2026-11-29T02:59:59Z"))).isTrue();
    assertThat(window.isOpen(Instant.parse("2026-11-29T03:00:00Z"))).isFalse();
    assertThat(window.isOpen(Instant.parse("2026-11-29T21:30:00Z"))).isFalse();
    assertThat(window.isOpen(Instant.parse("2026-07-25T20:00:00Z"))).isTrue();
    assertThat(window.nextOpening(NOW).toInstant())
        .isEqualTo(Instant.parse("2026-11-28T21:00:00Z"));
    assertThat(window.nextOpening(Instant.parse("2026-11-29T03:00:00Z")).toInstant())
        .isEqualTo(Instant.parse("2026-12-05T21:00:00Z"));
  }

  @Test
  void aWindowWithoutDaysIsAlwaysOpen() {
    assertThat(
            new MaintenanceWindow(Set.of(), LocalTime.MIN, LocalTime.MIN, ZoneId.of("UTC"))
                .isOpen(NOW))
        .isTrue();
  }

  @Test
  void aContractWaitsForTheLatestOfAllTimes() {
    NewShape twoDaysOld =
        new NewShape("1", Optional.of(NOW.minus(Duration.ofDays(2))), Duration.ofDays(7));
    OldShape unusedForADay =
        new OldShape("table t", Optional.of(NOW.minus(Duration.ofDays(1))), "", Duration.ofDays(7));
    OldShape unknown = new OldShape("table u", Optional.empty(), "no table", Duration.ofDays(7));

    List<Obstacle> waiting = ContractRule.obstacles(NOW, twoDaysOld, List.of(unusedForADay));
    assertThat(waiting).hasSize(2);
    assertThat(ContractRule.possibleFrom(waiting)).contains(NOW.plus(Duration.ofDays(6)));
    assertThat(
            ContractRule.possibleFrom(
                ContractRule.obstacles(NOW, twoDaysOld, List.of(unusedForADay, unknown))))
        .isEmpty();
    Instant aWeekLater = NOW.plus(Duration.ofDays(6));
    assertThat(ContractRule.obstacles(aWeekLater, twoDaysOld, List.of(unusedForADay))).isEmpty();
    assertThat(
            ContractRule.obstacles(aWeekLater.minusMillis(1), twoDaysOld, List.of(unusedForADay)))
        .hasSize(1);
    assertThat(
            ContractRule.obstacles(
                NOW, new NewShape("1", Optional.empty(), Duration.ZERO), List.of()))
        .hasSize(1);
  }

  @Test
  void aLagIsJudgedByBytesAndByTime() {
    Lag lag = new Lag("standby a", 2048, Duration.ofSeconds(90));

    assertThat(lag.beyond(1024, Duration.ZERO)).get().asString().contains("standby a", "2.0 KiB");
    assertThat(lag.beyond(2048, Duration.ofSeconds(90))).isEmpty();
    assertThat(lag.beyond(0, Duration.ofSeconds(89))).isPresent();
    assertThat(lag.beyond(0, Duration.ZERO)).isEmpty();
    // Few bytes may be old, and young ones many.
    assertThat(lag.beyond(4096, Duration.ofSeconds(89))).isPresent();
    assertThat(lag.beyond(1024, Duration.ofSeconds(120))).isPresent();
  }
}
