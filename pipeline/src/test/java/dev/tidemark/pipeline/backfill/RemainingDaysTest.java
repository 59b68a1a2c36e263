package dev.tidemark.pipeline.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemainingDaysTest {
  private static final TimeRange WEEK = TimeRange.parse("2026-03-01", "2026-03-08");

  @Test
  void theNewestDaysComeFirstUnlessTheOldestAreToAndTheRestIsTheLastChunk() {
    assertThat(new RemainingDays(WEEK, List.of()).chunks(3, Order.NEWEST_FIRST))
        .containsExactly(
            TimeRange.parse("2026-03-05", "2026-03-08"),
            TimeRange.parse("2026-03-02", "2026-03-05"),
            TimeRange.parse("2026-03-01", "2026-03-02"));
    assertThat(new RemainingDays(WEEK, List.of()).chunks(5, Order.OLDEST_FIRST))
        .containsExactly(
            TimeRange.parse("2026-03-01", "2026-03-06"),
            TimeRange.parse("2026-03-06", "2026-03-08"));
  }

  @Test
  void whatIsDoneIsLeftOutAndNoChunkReachesAcrossIt() {
    List<TimeRange> done =
        List.of(
            TimeRange.parse("2026-03-04", "2026-03-05"),
            TimeRange.parse("2026-03-07", "2026-03-08"));
    assertThat(new RemainingDays(WEEK, done).chunks(10, Order.NEWEST_FIRST))
        .containsExactly(
            TimeRange.parse("2026-03-05", "2026-03-07"),
            TimeRange.parse("2026-03-01", "2026-03-04"));
  }

  /** Whatever is done and however sizes change: each day once, whole, in order, and no other. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyDayThatRemainsIsDoneOnce(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int round = 0; round < 100; round++) {
      int first = random.nextInt(11_000, 25_000);
      int count = random.nextInt(1, 80);
      TimeRange range = new TimeRange(Days.startOf(first), Days.startOf(first + count));
      Set<Integer> expected = new TreeSet<>();
      range.days().forEach(expected::add);
      List<TimeRange> done = new ArrayList<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        int from = first + random.nextInt(-5, count + 5);
        TimeRange some =
            new TimeRange(Days.startOf(from), Days.startOf(from + random.nextInt(1, 20)));
        done.add(some);
        some.days().forEach(expected::remove);
      }
      Order order = random.nextBoolean() ? Order.NEWEST_FIRST : Order.OLDEST_FIRST;
      RemainingDays remaining = new RemainingDays(range, done);
      Set<Integer> seen = new TreeSet<>();
      long last = order == Order.NEWEST_FIRST ? Long.MAX_VALUE : Long.MIN_VALUE;
      while (remaining.count() > 0) {
        long most = random.nextLong(1, 12);
        TimeRange chunk = remaining.next(most, order);
        assertThat(chunk).isEqualTo(chunk.toWholeDays());
        assertThat(chunk.days().count()).isBetween(1L, most);
        assertThat(chunk.days().allMatch(seen::add)).isTrue();
        assertThat(Long.compare(chunk.from(), last) < 0).isEqualTo(order == Order.NEWEST_FIRST);
        last = chunk.from();
        remaining.done(chunk);
      }
      assertThat(seen).isEqualTo(expected);
    }
  }
}
