package dev.tidemark.pipeline.backfill;

import dev.tidemark.migrator.governor.Chunk;
import dev.tidemark.migrator.governor.Decision;
import dev.tidemark.migrator.governor.Decision.Action;
import dev.tidemark.migrator.governor.Governor;
import dev.tidemark.migrator.governor.Health;
import dev.tidemark.migrator.governor.Level;
import dev.tidemark.migrator.governor.Reading;
import dev.tidemark.migrator.governor.Sample;
import dev.tidemark.pipeline.backfill.BackfillEvent.Kind;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.postgres.PostgresHistory;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.window.TimeRange;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A backfill: history once more, some days at a time.
 *
 * <p>Days that are done stand in the lake, each chunk after all of its work. Whoever was killed
 * goes on with the chunk that was not done; doing one twice changes nothing.
 */
public final class Backfill {
  private final Lake lake;
  private final String source;
  private final BackfillSettings settings;
  private final Optional<PostgresServer> server;
  private final BackfillLog log;

  /**
   * A backfill of a lake.
   *
   * @param source the source's name
   * @param server the Postgres that is the source, which the governor looks after; empty where
   *     events come from files
   */
  public Backfill(
      Lake lake, String source, BackfillSettings settings, Optional<PostgresServer> server) {
    this.lake = lake;
    this.source = source;
    this.settings = settings;
    this.server = server;
    this.log = new BackfillLog(lake, source);
  }

  /** The ordinary path. */
  public interface Work {
    /**
     * What the backfill is the first history of; empty where the source has been landed from.
     *
     * @param earlier what the unfinished backfill of the same range was of
     * @throws dev.tidemark.pipeline.failure.PipelineException if there is nothing to backfill from
     */
    Optional<LandingInput.Snapshot> begin(Optional<LandingInput.Snapshot> earlier);

    /**
     * Lands what the source holds of some days and the lake lacks, brings their windows up to date
     * and publishes them.
     *
     * @param history what {@link #begin} has given
     * @param whole the range of which these are the last days; empty while more are to come
     */
    ChunkResult chunk(
        TimeRange days, Optional<LandingInput.Snapshot> history, Optional<TimeRange> whole);
  }

  /** The range of the first history that an earlier run has begun and not finished. */
  public Optional<TimeRange> unfinishedFirstHistory() {
    return log.unfinished(entry -> entry.history().isPresent()).map(BackfillLog.Unfinished::range);
  }

  /** What a run would do. Changes nothing, and reads no event. */
  public BackfillPlan plan(BackfillRequest wanted, boolean firstHistory) {
    BackfillRequest request = wanted.possible(lake.clock().instant());
    server.ifPresent(from -> eventOf(from, request.range()));
    Optional<BackfillLog.Unfinished> earlier = log.unfinished(request.range());
    RemainingDays remaining = new RemainingDays(request.range(), doneOf(earlier));
    List<BackfillPlan.Chunk> chunks =
        remaining.chunks(firstSize(), request.order()).stream()
            .map(days -> new BackfillPlan.Chunk(days, rowsAbout(days)))
            .toList();
    int done = (int) request.range().days().count() - remaining.count();
    return new BackfillPlan(
        request.range(),
        done,
        chunks,
        server.isPresent(),
        firstHistory,
        earlier.map(BackfillLog.Unfinished::id));
  }

  private OptionalLong rowsAbout(TimeRange days) {
    return server.isPresent()
        ? OptionalLong.of(new PostgresHistory(server.get()).rowsAbout(days))
        : OptionalLong.empty();
  }

  /**
   * Does what remains of the range.
   *
   * @param runId marks what it writes
   * @throws dev.tidemark.pipeline.failure.PipelineException if the range is of no use, another
   *     backfill is at work, the time is over, or the source was not well for too long
   */
  public BackfillReport run(
      BackfillRequest wanted, String runId, BackfillEvent.Listener listener, Work work) {
    BackfillRequest request = wanted.possible(lake.clock().instant());
    if (server.isEmpty()) {
      return run(request, runId, listener, work, notice -> new FixedSize(settings.daysOfFiles()));
    }
    PostgresServer from = server.get();
    return new PostgresHistory(from).locked(() -> governed(request, runId, listener, work, from));
  }

  private BackfillReport governed(
      BackfillRequest request,
      String runId,
      BackfillEvent.Listener listener,
      Work work,
      PostgresServer from) {
    String canary = eventOf(from, request.range());
    try (Health health =
        Health.watch(from::connect, settings.health(), Optional.of("usage_events"), canary)) {
      health.learn();
      return run(request, runId, listener, work, notice -> new Governed(settings, health, notice));
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("signs of its health", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineFailures.interrupted(e);
    }
  }

  private interface Pacers {
    BackfillLoop.Pacer pacer(Consumer<String> notice);
  }

  private BackfillReport run(
      BackfillRequest request,
      String runId,
      BackfillEvent.Listener listener,
      Work work,
      Pacers pacers) {
    Optional<BackfillLog.Unfinished> earlier = log.unfinished(request.range());
    Optional<LandingInput.Snapshot> first =
        work.begin(earlier.flatMap(BackfillLog.Unfinished::history));
    Optional<BackfillLog.Unfinished> goesOn =
        earlier.filter(found -> found.history().equals(first));
    Notices notices = new Notices(listener);
    BackfillLoop loop =
        new BackfillLoop(
            request,
            doneOf(goesOn),
            new ControlFile(request.control(), notices),
            pacers.pacer(notices),
            log.run(
                goesOn.map(BackfillLog.Unfinished::id).orElse(runId),
                runId,
                request.range(),
                log.landedTable(),
                first),
            listener,
            new SystemClock());
    notices.loop = loop;
    loop.run(
        (days, last) ->
            work.chunk(days, first, last ? Optional.of(request.range()) : Optional.empty()));
    if (loop.result().read() == 0 && goesOn.isEmpty()) {
      throw PipelineFailures.noHistory(request.range());
    }
    return new BackfillReport(
        runId,
        request.range(),
        loop.daysDone(),
        loop.chunks(),
        loop.result(),
        loop.elapsed(),
        Optional.empty());
  }

  private static List<TimeRange> doneOf(Optional<BackfillLog.Unfinished> earlier) {
    return earlier.map(BackfillLog.Unfinished::done).orElse(List.of());
  }

  private long firstSize() {
    return server.isPresent() ? settings.firstDays() : settings.daysOfFiles();
  }

  private static String eventOf(PostgresServer server, TimeRange range) {
    return new PostgresHistory(server)
        .queryForOneEvent(range)
        .orElseThrow(() -> PipelineFailures.noHistory(range));
  }

  /** Tells what comes up on the way. */
  private static final class Notices implements Consumer<String> {
    private final BackfillEvent.Listener listener;
    private BackfillLoop loop;

    private Notices(BackfillEvent.Listener listener) {
      this.listener = listener;
    }

    @Override
    public void accept(String words) {
      listener.happened(
          new BackfillEvent(Kind.NOTICE, loop.progress(), Optional.empty(), Optional.of(words)));
    }
  }

  /** The governor with the signals that it listens to. */
  private static final class Governed implements BackfillLoop.Pacer {
    private final Governor governor;
    private final Health health;
    private final Consumer<String> notice;
    private final Set<String> unknown = new HashSet<>();
    private List<Reading> readings = List.of();

    private Governed(BackfillSettings settings, Health health, Consumer<String> notice) {
      this.governor = new Governor(settings.governor(), settings.firstDays());
      this.health = health;
      this.notice = notice;
    }

    @Override
    public Decision decide(Duration at, Optional<Chunk> last) {
      try {
        readings = health.read();
      } catch (SQLException e) {
        throw PipelineFailures.sourceUnreadable("signs of its health", e);
      }
      readings.stream()
          .filter(reading -> reading.level() == Level.UNKNOWN && unknown.add(reading.signal()))
          .forEach(
              reading ->
                  notice.accept(
                      "The governor goes on without the signal %s: %s"
                          .formatted(reading.signal(), reading.words())));
      return governor.decide(new Sample(at, last, readings));
    }

    @Override
    public List<Reading> readings() {
      return readings;
    }

    @Override
    public void atWork(boolean now) {
      health.atWork(now);
    }
  }

  /** Where nobody else lives by the source. */
  private record FixedSize(long days) implements BackfillLoop.Pacer {
    @Override
    public Decision decide(Duration at, Optional<Chunk> last) {
      return new Decision(Action.GO, days, Duration.ZERO, 1, Optional.empty());
    }

    @Override
    public List<Reading> readings() {
      return List.of();
    }

    @Override
    public void atWork(boolean now) {}
  }

  private static final class SystemClock implements BackfillLoop.Clock {
    @Override
    public Duration now() {
      return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      Thread.sleep(duration.toMillis(), duration.getNano() % 1_000_000);
    }
  }
}
