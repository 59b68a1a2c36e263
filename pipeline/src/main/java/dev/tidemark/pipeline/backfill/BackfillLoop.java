package dev.tidemark.pipeline.backfill;

import dev.tidemark.migrator.governor.Chunk;
import dev.tidemark.migrator.governor.Decision;
import dev.tidemark.migrator.governor.Decision.Action;
import dev.tidemark.migrator.governor.Reading;
import dev.tidemark.pipeline.backfill.BackfillEvent.Kind;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The order of a backfill's work: look at the control file and the budget, ask the pacer, pause, do
 * some days, record them, and again. Knows neither Spark nor a database.
 */
final class BackfillLoop {
  /** How long it sleeps at most before it looks at the control file again. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final RemainingDays remaining;
  private final int days;
  private final int daysBefore;
  private final Order order;
  private final Optional<Duration> mostTime;
  private final Supplier<Control> controls;
  private final Pacer pacer;
  private final Journal journal;
  private final BackfillEvent.Listener listener;
  private final Clock clock;
  private final Duration begunAt;

  private Control control = Control.NONE;
  private ChunkResult result = ChunkResult.NONE;
  private int chunks;
  private boolean waited;

  /** Says when and how much; the governor, or a fixed size. */
  interface Pacer {
    /**
     * What to do next.
     *
     * @param at since the backfill began
     * @param last the chunk that was done since the decision before
     */
    Decision decide(Duration at, Optional<Chunk> last);

    /** What the decision was taken from. */
    List<Reading> readings();

    /** Whether a chunk is at work. */
    void atWork(boolean now);
  }

  /** Where it stands what was decided and what is done. */
  interface Journal {
    /** A decision, and what it is about; empty days where none are. */
    void decided(Decision decision, Optional<TimeRange> days, List<Reading> readings);

    /** What somebody has decided by the control file. */
    void ordered(String action);

    /** These days are done, and need not be done again. */
    void done(TimeRange days, ChunkResult result);
  }

  /** Does the work. */
  interface Work {
    /**
     * Does some days.
     *
     * @param last whether they are the last ones
     */
    ChunkResult chunk(TimeRange days, boolean last);
  }

  /** Time, which a test may have pass faster. */
  interface Clock {
    /** Since some fixed moment; never goes back. */
    Duration now();

    /** Waits. */
    void sleep(Duration duration) throws InterruptedException;
  }

  BackfillLoop(
      BackfillRequest request,
      List<TimeRange> done,
      Supplier<Control> controls,
      Pacer pacer,
      Journal journal,
      BackfillEvent.Listener listener,
      Clock clock) {
    this.remaining = new RemainingDays(request.range(), done);
    this.days = (int) request.range().days().count();
    this.daysBefore = days - remaining.count();
    this.order = request.order();
    this.mostTime = request.mostTime();
    this.controls = controls;
    this.pacer = pacer;
    this.journal = journal;
    this.listener = listener;
    this.clock = clock;
    this.begunAt = clock.now();
  }

  ChunkResult result() {
    return result;
  }

  int chunks() {
    return chunks;
  }

  int daysDone() {
    return days - remaining.count() - daysBefore;
  }

  Duration elapsed() {
    return clock.now().minus(begunAt);
  }

  /**
   * Does what remains.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if the budget is used, or the pacer
   *     gives up; what {@link Work} throws ends it as well
   */
  void run(Work work) {
    tell(Kind.BEGUN, Optional.empty(), Optional.empty());
    Optional<Chunk> last = Optional.empty();
    Optional<String> heldFor = Optional.empty();
    Duration chunkBegunAt = elapsed();
    long chunkRead = 0;
    while (remaining.count() > 0) {
      awaitResume();
      refuseAfterBudget();
      Decision decision = pacer.decide(elapsed(), last);
      last = Optional.empty();
      if (decision.action() == Action.GIVE_UP) {
        journal.decided(decision, Optional.empty(), pacer.readings());
        throw PipelineFailures.backfillHeld(
            decision.reason().orElse("a signal says stop"), progress().words());
      }
      if (decision.action() == Action.HOLD) {
        if (heldFor.isEmpty()) {
          journal.decided(decision, Optional.empty(), pacer.readings());
        }
        heldFor = decision.reason();
        waited = true;
        tell(Kind.HELD, Optional.empty(), decision.reason());
        sleep(decision.pause());
        continue;
      }
      heldFor = Optional.empty();
      if (!paused(decision.pause(), chunkBegunAt, chunkRead)) {
        continue;
      }
      refuseAfterBudget();
      TimeRange chunk = remaining.next(decision.size(), order);
      journal.decided(decision, Optional.of(chunk), pacer.readings());
      tell(Kind.CHUNK_BEGUN, Optional.of(chunk), decision.reason());
      chunkBegunAt = elapsed();
      ChunkResult done = work(work, chunk);
      last = Optional.of(new Chunk(chunk.days().count(), elapsed().minus(chunkBegunAt)));
      chunkRead = done.read();
    }
  }

  private ChunkResult work(Work work, TimeRange chunk) {
    long size = chunk.days().count();
    pacer.atWork(true);
    ChunkResult done;
    try {
      done = work.chunk(chunk, size == remaining.count());
    } finally {
      pacer.atWork(false);
    }
    journal.done(chunk, done);
    remaining.done(chunk);
    result = result.plus(done);
    chunks++;
    tell(
        Kind.CHUNK_DONE,
        Optional.of(chunk),
        Optional.of("%,d events read, %,d landed".formatted(done.read(), done.landed())));
    return done;
  }

  /** Waits as long as the control file says pause. */
  private void awaitResume() {
    look();
    while (control.paused()) {
      waited = true;
      refuseAfterBudget();
      sleep(TICK);
      look();
    }
  }

  /**
   * Waits before a chunk: as long as the pacer says, and so long that the chunk before it keeps to
   * the rate, whatever that is meanwhile.
   *
   * @return whether it may go on; not if it was told to pause meanwhile
   */
  private boolean paused(Duration pause, Duration chunkBegunAt, long chunkRead) {
    Duration until = elapsed().plus(pause);
    while (true) {
      Duration ready = chunkBegunAt.plus(leastTime(chunkRead, control.rate()));
      Duration left = (ready.compareTo(until) > 0 ? ready : until).minus(elapsed());
      if (left.isZero() || left.isNegative()) {
        return true;
      }
      refuseAfterBudget();
      sleep(left);
      look();
      if (control.paused()) {
        return false;
      }
    }
  }

  /** How long reading so many events takes at least. */
  static Duration leastTime(long events, OptionalLong rate) {
    return rate.isEmpty()
        ? Duration.ZERO
        : Duration.ofMillis((long) Math.ceil(events * 1e3 / rate.getAsLong()));
  }

  private void look() {
    Control now = controls.get();
    if (now.paused() != control.paused()) {
      journal.ordered(now.paused() ? "paused" : "resumed");
      tell(
          now.paused() ? Kind.PAUSED : Kind.RESUMED,
          Optional.empty(),
          Optional.of("the control file says so"));
    }
    if (!now.rate().equals(control.rate())) {
      String rate =
          now.rate().isPresent()
              ? "%,d events a second at most".formatted(now.rate().getAsLong())
              : "no limit of events a second";
      journal.ordered(rate);
      tell(Kind.RATE, Optional.empty(), Optional.of(rate));
    }
    control = now;
  }

  /** However short it is, a start that is neither held nor paused does one chunk. */
  private void refuseAfterBudget() {
    if (mostTime.isPresent()
        && (chunks > 0 || waited)
        && elapsed().compareTo(mostTime.get()) >= 0) {
      throw PipelineFailures.backfillTimeOver(mostTime.get(), progress().words());
    }
  }

  /** A sleep after which the control file is due, and which does not outlast the budget. */
  private void sleep(Duration wanted) {
    Duration left = mostTime.map(most -> most.minus(elapsed())).orElse(TICK);
    Duration shortest = wanted.compareTo(TICK) < 0 ? wanted : TICK;
    shortest = left.isNegative() || left.compareTo(shortest) > 0 ? shortest : left;
    try {
      clock.sleep(shortest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineFailures.interrupted(e);
    }
  }

  BackfillProgress progress() {
    return BackfillProgress.of(days - remaining.count(), daysBefore, days, result, elapsed());
  }

  private void tell(Kind kind, Optional<TimeRange> about, Optional<String> words) {
    listener.happened(new BackfillEvent(kind, progress(), about, words));
  }
}
