package dev.tidemark.pipeline.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.governor.Chunk;
import dev.tidemark.migrator.governor.Decision;
import dev.tidemark.migrator.governor.Decision.Action;
import dev.tidemark.migrator.governor.Reading;
import dev.tidemark.pipeline.backfill.BackfillEvent.Kind;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The loop in a time of its own: a chunk takes ten seconds and reads a thousand events a day. */
class BackfillLoopTest {
  private static final TimeRange RANGE = TimeRange.parse("2026-03-01", "2026-03-05");
  private static final TimeRange FOURTH = TimeRange.parse("2026-03-04", "2026-03-05");
  private static final TimeRange FIRST = TimeRange.parse("2026-03-01", "2026-03-02");

  private final Time time = new Time();
  private final Memory memory = new Memory();
  private final Deque<Decision> decisions = new ArrayDeque<>();
  private final List<Optional<Chunk>> asked = new ArrayList<>();
  private final List<BackfillEvent> events = new ArrayList<>();
  private final List<Boolean> lasts = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private Control control = Control.NONE;
  private boolean working;
  private Duration looking = Duration.ZERO;

  @Test
  void chunksAreDoneInOrderRecordedAndToldAndTheGovernorHearsHowLongTheyTook() {
    decisions.add(go(1, 0));
    decisions.add(go(2, 5));
    loop(Optional.empty(), List.of()).run(this::work);

    assertThat(memory.done)
        .containsExactly(FOURTH, TimeRange.parse("2026-03-02", "2026-03-04"), FIRST);
    assertThat(lasts).containsExactly(false, false, true);
    assertThat(asked)
        .containsExactly(
            Optional.empty(),
            Optional.of(new Chunk(1, Duration.ofSeconds(10))),
            Optional.of(new Chunk(2, Duration.ofSeconds(10))));
    assertThat(begun).containsExactly("0", "15", "25");
    assertThat(kinds())
        .containsExactly(
            Kind.BEGUN,
            Kind.CHUNK_BEGUN,
            Kind.CHUNK_DONE,
            Kind.CHUNK_BEGUN,
            Kind.CHUNK_DONE,
            Kind.CHUNK_BEGUN,
            Kind.CHUNK_DONE);
    BackfillProgress half = events.get(4).progress();
    assertThat(half.daysDone()).isEqualTo(3);
    assertThat(half.result().read()).isEqualTo(3_000);
    // Three days in 25 seconds, so one more takes 8.3.
    assertThat(half.left().orElseThrow().toMillis()).isEqualTo(8_333);
  }

  @Test
  void whatFailsIsNotRecordedAndANextRunBeginsWithIt() {
    decisions.add(go(1, 0));
    BackfillLoop failing = loop(Optional.empty(), List.of());
    assertThatThrownBy(
            () ->
                failing.run(
                    (days, last) -> {
                      if (!days.equals(FOURTH)) {
                        throw new IllegalStateException("broken");
                      }
                      return work(days, last);
                    }))
        .hasMessage("broken");
    assertThat(memory.done).containsExactly(FOURTH);
    assertThat(working).as("the canary is told").isFalse();

    BackfillLoop next = loop(Optional.empty(), memory.done);
    next.run(this::work);
    assertThat(memory.done)
        .containsExactly(
            FOURTH,
            TimeRange.parse("2026-03-03", "2026-03-04"),
            TimeRange.parse("2026-03-02", "2026-03-03"),
            FIRST);
    assertThat(next.daysDone()).isEqualTo(3);
    assertThat(next.progress().daysDone()).isEqualTo(4);
  }

  @Test
  void aHoldIsRecordedOnceWithItsReasonAndEndsWithTheSignal() {
    for (int i = 0; i < 5; i++) {
      decisions.add(hold());
    }
    decisions.add(go(4, 0));
    loop(Optional.empty(), List.of()).run(this::work);
    assertThat(memory.decided).containsExactly("HOLD lag: far behind", "GO null");
    assertThat(events).filteredOn(event -> event.kind() == Kind.HELD).hasSize(5);
    assertThat(begun).containsExactly("5");
  }

  @Test
  void aSignalThatNeverRecoversEndsItWithTheStateRecorded() {
    decisions.add(go(1, 0));
    decisions.add(hold());
    decisions.add(
        new Decision(Action.GIVE_UP, 1, Duration.ZERO, 0, Optional.of("lag: far behind")));
    assertEnds("TM-PIP-094", Optional.empty(), "lag: far behind", "1 of 4 days");
    assertThat(memory.done).containsExactly(FOURTH);
  }

  @Test
  void theTimeIsKeptButOneChunkIsAlwaysDone() {
    looking = Duration.ofSeconds(4);
    decisions.add(go(1, 0));
    assertEnds("TM-PIP-093", Optional.of(Duration.ofSeconds(3)), "3s", "1 of 4 days");
    assertThat(memory.done).containsExactly(FOURTH);
    looking = Duration.ZERO;

    decisions.add(go(1, 0));
    decisions.add(go(1, 1_000));
    Duration before = time.now();
    assertEnds("TM-PIP-093", Optional.of(Duration.ofSeconds(60)), "1m", "1 of 4 days");
    assertThat(time.now().minus(before))
        .as("no pause outlasts it")
        .isEqualTo(Duration.ofMinutes(1));

    control = new Control(true, OptionalLong.empty());
    assertEnds("TM-PIP-093", Optional.of(Duration.ofSeconds(60)), "1m", "0 of 4 days");
  }

  @Test
  void theControlFilePausesBetweenChunksAndResumes() {
    decisions.add(go(1, 0));
    time.at(Duration.ofSeconds(5), () -> control = new Control(true, OptionalLong.empty()));
    time.at(Duration.ofSeconds(60), () -> control = Control.NONE);
    loop(Optional.empty(), List.of()).run(this::work);
    assertThat(begun).containsExactly("0", "60", "70", "80");
    assertThat(kinds()).containsSubsequence(Kind.CHUNK_DONE, Kind.PAUSED, Kind.RESUMED);
    assertThat(memory.orders).containsExactly("paused", "resumed");
  }

  @Test
  void aPauseInTheMiddleOfTheGovernorsIsHeardAtOnce() {
    decisions.add(go(2, 0));
    decisions.add(go(2, 100));
    time.at(Duration.ofSeconds(20), () -> control = new Control(true, OptionalLong.empty()));
    time.at(Duration.ofSeconds(30), () -> control = Control.NONE);
    loop(Optional.empty(), List.of()).run(this::work);
    assertThat(begun).as("the pause of before has been served").containsExactly("0", "30", "40");
  }

  /** A thousand events a chunk and 50 a second are 20 seconds, of which it worked ten. */
  @Test
  void theRateIsKeptOverChunkAndPauseAndMayChangeMeanwhile() {
    control = new Control(false, OptionalLong.of(50));
    decisions.add(go(1, 0));
    time.at(Duration.ofSeconds(45), () -> control = new Control(false, OptionalLong.of(25)));
    time.at(Duration.ofSeconds(65), () -> control = Control.NONE);
    loop(Optional.empty(), List.of()).run(this::work);
    assertThat(begun).containsExactly("0", "20", "40", "65");
    assertThat(memory.orders)
        .containsExactly(
            "50 events a second at most",
            "25 events a second at most",
            "no limit of events a second");
  }

  private void assertEnds(String code, Optional<Duration> mostTime, String... words) {
    memory.done.clear();
    assertThatThrownBy(() -> loop(mostTime, List.of()).run(this::work))
        .isInstanceOfSatisfying(UserFailure.class, e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.toString() + ((UserFailure) e).reason()).contains(words));
  }

  private List<Kind> kinds() {
    return events.stream().map(BackfillEvent::kind).toList();
  }

  private ChunkResult work(TimeRange days, boolean last) {
    assertThat(working).isTrue();
    begun.add(String.valueOf(time.now().toSeconds()));
    lasts.add(last);
    time.pass(Duration.ofSeconds(10));
    return new ChunkResult(1_000 * days.days().count(), 1, 0, 0, 24, 1);
  }

  private BackfillLoop loop(Optional<Duration> mostTime, List<TimeRange> done) {
    return new BackfillLoop(
        new BackfillRequest(RANGE, Order.NEWEST_FIRST, mostTime, Optional.empty()),
        List.copyOf(done),
        () -> control,
        new Script(),
        memory,
        events::add,
        time);
  }

  private static Decision go(long size, long pauseSeconds) {
    return new Decision(Action.GO, size, Duration.ofSeconds(pauseSeconds), 0.5, Optional.empty());
  }

  private static Decision hold() {
    return new Decision(Action.HOLD, 1, Duration.ofSeconds(1), 0, Optional.of("lag: far behind"));
  }

  /** Says what it is told to say; in the end, chunks of a day without pauses. */
  private final class Script implements BackfillLoop.Pacer {
    @Override
    public Decision decide(Duration at, Optional<Chunk> last) {
      asked.add(last);
      time.pass(looking);
      return decisions.isEmpty() ? go(1, 0) : decisions.remove();
    }

    @Override
    public List<Reading> readings() {
      return List.of();
    }

    @Override
    public void atWork(boolean now) {
      working = now;
    }
  }

  private static final class Memory implements BackfillLoop.Journal {
    private final List<String> decided = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();
    private final List<TimeRange> done = new ArrayList<>();

    @Override
    public void decided(Decision decision, Optional<TimeRange> days, List<Reading> readings) {
      decided.add(decision.action() + " " + decision.reason().orElse(null));
    }

    @Override
    public void ordered(String action) {
      orders.add(action);
    }

    @Override
    public void done(TimeRange days, ChunkResult result) {
      done.add(days);
    }
  }

  /** Passes when somebody sleeps or works; things happen at their times. */
  private static final class Time implements BackfillLoop.Clock {
    private record Happening(Duration at, Runnable what) {}

    private final Deque<Happening> happenings = new ArrayDeque<>();
    private Duration now = Duration.ZERO;

    void at(Duration when, Runnable what) {
      happenings.add(new Happening(when, what));
    }

    void pass(Duration duration) {
      now = now.plus(duration);
      while (!happenings.isEmpty() && happenings.peek().at().compareTo(now) <= 0) {
        happenings.remove().what().run();
      }
    }

    @Override
    public Duration now() {
      return now;
    }

    @Override
    public void sleep(Duration duration) {
      pass(duration);
    }
  }
}
