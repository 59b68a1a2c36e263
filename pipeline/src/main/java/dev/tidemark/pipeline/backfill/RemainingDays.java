package dev.tidemark.pipeline.backfill;

import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.window.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The days of a backfill that are still to be done; cut into chunks of neighbouring days. */
final class RemainingDays {
  private final NavigableSet<Integer> days = new TreeSet<>();

  /**
   * The days of a range.
   *
   * @param done what an earlier run has done of it
   */
  RemainingDays(TimeRange range, Collection<TimeRange> done) {
    range.days().forEach(days::add);
    done.forEach(this::done);
  }

  void done(TimeRange chunk) {
    chunk.days().forEach(days::remove);
  }

  int count() {
    return days.size();
  }

  /**
   * The next chunk: at most so many days, without a gap between them.
   *
   * @throws java.util.NoSuchElementException if nothing remains
   */
  TimeRange next(long most, Order order) {
    boolean newest = order == Order.NEWEST_FIRST;
    int start = newest ? days.last() : days.first();
    int step = newest ? -1 : 1;
    int end = start;
    for (long count = 1; count < most && days.contains(end + step); count++) {
      end += step;
    }
    int first = Math.min(start, end);
    int last = Math.max(start, end);
    return new TimeRange(TimeRange.ofDay(first).from(), TimeRange.ofDay(last).to());
  }

  /** All chunks, as long as none has more than so many days. */
  List<TimeRange> chunks(long most, Order order) {
    RemainingDays rest = new RemainingDays();
    rest.days.addAll(days);
    List<TimeRange> chunks = new ArrayList<>();
    while (rest.count() > 0) {
      TimeRange chunk = rest.next(most, order);
      rest.done(chunk);
      chunks.add(chunk);
    }
    return chunks;
  }

  private RemainingDays() {}
}
