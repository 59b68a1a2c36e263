package dev.tidemark.migrator.governor;

import dev.tidemark.migrator.governor.Decision.Action;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The control law. It has two hands:
 *
 * <ul>
 *   <li><b>Size.</b> A chunk should take 90 to 95 % of the interval. Its efficiency (duration /
 *       interval) is smoothed exponentially over the last 20 chunks with α = 0.4, and the size
 *       follows, at most × 1.2 up and × 0.5 down a step, as GitLab's batched migrations do. Each
 *       chunk counts as if it had had today's size, so that the size does not overshoot while the
 *       chunks that it was learnt from lie behind.
 *   <li><b>Share.</b> After a chunk comes a pause, so that the job works only a share of the time:
 *       it is what a bulk job leaves to others. A signal that can tell how long a rest makes up for
 *       the chunk gets that rest, as long as the least share allows ({@link Reading#rest}). Any
 *       other one that asks for less takes 30 % of the share away, once each reaction time; where
 *       all are calm it grows by a twentieth of the time each reaction time (additive increase,
 *       multiplicative decrease).
 * </ul>
 *
 * <p>A signal that says stop holds the job until no signal does. A signal that never recovers does
 * not hold it for ever: after the longest hold the decision is to give up. One that throttles for
 * ever leaves the least share, so that the job comes to its end.
 *
 * <p>Reads no clock and does nothing by itself. Not thread-safe.
 */
public final class Governor {
  private static final int REMEMBERED = 20;
  private static final double ALPHA = 0.4;
  private static final double LEAST_EFFICIENCY = 0.90;
  private static final double MOST_EFFICIENCY = 0.95;
  private static final double MOST_GROWTH = 1.2;
  private static final double MOST_SHRINKAGE = 0.5;
  private static final double DECREASE = 0.7;
  private static final double INCREASE = 0.05;

  private final GovernorSettings settings;
  private final Deque<Chunk> chunks = new ArrayDeque<>();
  private long size;
  private double share;
  private Duration lastAt = Duration.ZERO;
  private Optional<Duration> slowedAt = Optional.empty();
  private Optional<Duration> heldSince = Optional.empty();

  /**
   * A governor at the beginning of a job.
   *
   * @param firstSize how big the first chunk is to be
   */
  public Governor(GovernorSettings settings, long firstSize) {
    this.settings = settings;
    this.size = bounded(firstSize);
    this.share = settings.firstShare();
  }

  /** Decides what to do next. To be asked before each chunk and after each hold. */
  public Decision decide(Sample sample) {
    sample.last().ifPresent(this::learn);
    Level worst =
        sample.readings().stream()
            .map(Reading::level)
            .max(Comparator.naturalOrder())
            .orElse(Level.CALM);
    if (worst == Level.STOP) {
      return hold(sample);
    }
    if (heldSince.isPresent()) {
      heldSince = Optional.empty();
      share = Math.min(share, settings.firstShare());
      lastAt = sample.at();
    }
    steer(sample.at(), sample.readings().stream().anyMatch(Governor::asksForLess));
    Duration worked = sample.last().map(Chunk::duration).orElse(Duration.ZERO);
    Duration rest =
        sample.readings().stream()
            .map(Reading::rest)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    Duration usual = pause(worked, share);
    Duration longest = pause(worked, settings.leastShare());
    Duration asked = shorter(rest, longest);
    boolean more = asked.compareTo(usual) > 0;
    return new Decision(
        Action.GO,
        size,
        more ? asked : usual,
        more ? (double) worked.toNanos() / worked.plus(asked).toNanos() : share,
        words(sample.readings(), Level.THROTTLE));
  }

  private Decision hold(Sample sample) {
    if (heldSince.isEmpty()) {
      heldSince = Optional.of(sample.at());
    }
    Duration held = sample.at().minus(heldSince.get());
    Duration left = settings.longestHold().minus(held);
    Optional<String> reason = words(sample.readings(), Level.STOP);
    if (left.isZero() || left.isNegative()) {
      return new Decision(Action.GIVE_UP, size, Duration.ZERO, 0, reason);
    }
    return new Decision(Action.HOLD, size, shorter(settings.lookAgain(), left), 0, reason);
  }

  /**
   * Chunks that were smaller than wanted, such as the last one, tell little; they count as well.
   */
  private void learn(Chunk chunk) {
    chunks.addFirst(chunk);
    if (chunks.size() > REMEMBERED) {
      chunks.removeLast();
    }
    double efficiency = efficiency();
    if (efficiency < LEAST_EFFICIENCY || efficiency > MOST_EFFICIENCY) {
      double wanted = (LEAST_EFFICIENCY + MOST_EFFICIENCY) / 2 / Math.max(efficiency, 1e-9);
      double factor = Math.max(MOST_SHRINKAGE, Math.min(MOST_GROWTH, wanted));
      size = bounded((long) Math.min(Long.MAX_VALUE, step(size * factor, factor)));
    }
  }

  /** At small sizes a fifth more is less than one. */
  private static double step(double wanted, double factor) {
    return factor > 1 ? Math.ceil(wanted) : Math.floor(wanted);
  }

  private double efficiency() {
    double sum = 0;
    double weights = 0;
    double weight = ALPHA;
    for (Chunk chunk : chunks) {
      double asToday = (double) chunk.duration().toNanos() / chunk.size() * size;
      sum += weight * asToday / settings.interval().toNanos();
      weights += weight;
      weight *= 1 - ALPHA;
    }
    return sum / weights;
  }

  private void steer(Duration at, boolean slower) {
    if (slower) {
      if (slowedAt.isEmpty() || at.minus(slowedAt.get()).compareTo(settings.reaction()) >= 0) {
        share = Math.max(settings.leastShare(), share * DECREASE);
        slowedAt = Optional.of(at);
      }
    } else {
      double reactions =
          (double) at.minus(lastAt).toNanos() / Math.max(1, settings.reaction().toNanos());
      share = Math.min(settings.mostShare(), share + INCREASE * Math.min(1, reactions));
    }
    lastAt = at;
  }

  /** A signal that cannot tell how long a rest it asks for. */
  private static boolean asksForLess(Reading reading) {
    return reading.level() == Level.THROTTLE && reading.rest().isZero();
  }

  /** So long that the chunk before it was the share's part of both. */
  private static Duration pause(Duration worked, double share) {
    return Duration.ofNanos(Math.round(worked.toNanos() * (1 / share - 1)));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private long bounded(long wanted) {
    return Math.max(settings.leastSize(), Math.min(settings.mostSize(), wanted));
  }

  private static Optional<String> words(List<Reading> readings, Level level) {
    String words =
        readings.stream()
            .filter(reading -> reading.level().compareTo(level) >= 0)
            .map(reading -> reading.signal() + ": " + reading.words())
            .collect(Collectors.joining("; "));
    return words.isEmpty() ? Optional.empty() : Optional.of(words);
  }
}
