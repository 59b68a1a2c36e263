package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.lineage.DatasetName;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.source.SourceProgress.SnapshotLanding;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Usage events from the Postgres table {@code usage_events}.
 *
 * <p>The watermark is the {@code pg_snapshot} of the last landing: pending are the rows that are
 * visible now and were not visible then, whenever their transactions began or committed (EX-1).
 */
public final class PostgresSource implements EventSource {
  /** The snapshot of which nothing is landed: 3 is the first transaction that a server has. */
  static final String NOTHING = "3:3:";

  /** Blocks in a slice: 64 MiB at Postgres' block size of 8 KiB. */
  private static final long SLICE_BLOCKS = 8_192;

  /** Rows that one task reads when they are counted beforehand. */
  private static final long TASK_ROWS = 250_000;

  /** By how much a machine's clock may differ from the server's before it is told. */
  private static final Duration MOST_DRIFT = Duration.ofMinutes(1);

  private static final SqlResource IDENTITY = sql("identity.sql");
  private static final SqlResource CLOCK = sql("clock.sql");
  private static final SqlResource OPEN_SNAPSHOT = sql("open-snapshot.sql");
  private static final SqlResource LEAVES = sql("leaves.sql");
  private static final SqlResource UNSEEN_SLICES = sql("unseen-slices.sql");
  private static final SqlResource HISTORY_SLICES = sql("history-slices.sql");
  private static final SqlResource COMMIT_TOKEN = sql("commit-token.sql");
  private static final SqlResource FORGET_OLD_TOKENS = sql("forget-old-tokens.sql");
  private static final SqlResource KNOWN_TOKENS = sql("known-tokens.sql");
  private static final SqlResource PUBLISH_WATERMARK = sql("publish-watermark.sql");

  private final SparkSession spark;
  private final PostgresServer server;
  private final String systemIdentifier;
  private final Duration longestTransaction;
  private List<PipelineWarning> warnings = List.of();
  private Optional<PipelineWarning> otherClock = Optional.empty();

  private PostgresSource(
      SparkSession spark,
      PostgresServer server,
      String systemIdentifier,
      Duration longestTransaction) {
    this.spark = spark;
    this.server = server;
    this.systemIdentifier = systemIdentifier;
    this.longestTransaction = longestTransaction;
  }

  /**
   * Connects once to learn which server this is.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if the server is out of reach
   */
  public static PostgresSource open(SparkSession spark, PostgresServer server) {
    return open(spark, server, Duration.ZERO);
  }

  /**
   * The same, with a warning of transactions that are open for long.
   *
   * @param longestTransaction a transaction that is open for longer is told; zero for none
   * @throws dev.tidemark.pipeline.failure.PipelineException if the server is out of reach
   */
  public static PostgresSource open(
      SparkSession spark, PostgresServer server, Duration longestTransaction) {
    Objects.requireNonNull(spark);
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet identity = statement.executeQuery(IDENTITY.text())) {
      identity.next();
      return new PostgresSource(spark, server, identity.getString(1), longestTransaction);
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("the server's identity", e);
    }
  }

  @Override
  public String name() {
    return "postgres:" + systemIdentifier;
  }

  @Override
  public DatasetName dataset() {
    return DatasetName.ofTable(server.jdbcUrl(), "usage_events");
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    Connection connection = server.connect();
    try {
      Optional<PendingEvents> pending = pending(connection, progress);
      if (pending.isEmpty()) {
        connection.close();
      }
      return pending;
    } catch (SQLException e) {
      closeAfter(connection, e);
      throw PipelineFailures.sourceUnreadable("usage_events", e);
    } catch (RuntimeException e) {
      closeAfter(connection, e);
      throw e;
    }
  }

  @Override
  public List<PipelineWarning> warnings() {
    List<PipelineWarning> all = new ArrayList<>(warnings);
    otherClock.ifPresent(all::add);
    return all;
  }

  /** The server's: what it says is earlier than what it is when the answer is here. */
  @Override
  public Clock clock(Clock machine) {
    Instant server;
    try (Connection connection = this.server.connect();
        Statement statement = connection.createStatement();
        ResultSet time = statement.executeQuery(CLOCK.text())) {
      time.next();
      server = Micros.toInstant(time.getLong(1));
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("the server's clock", e);
    }
    Instant here = machine.instant();
    Duration ahead = Duration.between(server, here);
    otherClock =
        ahead.abs().compareTo(MOST_DRIFT) > 0
            ? Optional.of(PipelineFailures.clocksDiffer(here, server))
            : Optional.empty();
    return Clock.offset(machine, ahead.negated());
  }

  /** Known once anything has been landed: the rows are counted where they are looked for. */
  @Override
  public OptionalLong waiting(SourceProgress progress) {
    try (Connection connection = server.connect()) {
      Base base = base(connection, progress);
      warnings = HeldTransactions.find(connection, progress, longestTransaction);
      if (base.landing().isEmpty()) {
        return OptionalLong.empty();
      }
      PostgresSnapshot last = PostgresSnapshot.parse(base.landing().get().input().snapshot());
      List<Slice> slices = plan(export(connection), planning -> unseenSlices(planning, last));
      return OptionalLong.of(slices.stream().mapToLong(Slice::weight).sum());
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("usage_events", e);
    }
  }

  @Override
  public void publish(SourceProgress progress) {
    Optional<SnapshotLanding> last = progress.lastLanding();
    if (last.isEmpty()) {
      return;
    }
    LandingInput.Snapshot input = last.get().input();
    try (Connection connection = server.connect();
        PreparedStatement statement = connection.prepareStatement(PUBLISH_WATERMARK.text())) {
      statement.setString(1, progress.landedTableId());
      statement.setString(2, progress.lake());
      statement.setLong(3, progress.landedTableVersion());
      statement.setString(4, input.snapshot());
      statement.setLong(5, PostgresSnapshot.parse(input.snapshot()).xmin());
      statement.setString(6, input.token());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("extraction_watermarks", e);
    }
  }

  /** Every row that the last landing's snapshot showed. */
  @Override
  public Optional<PendingEvents> landed(SourceProgress progress) {
    Optional<SnapshotLanding> last = whole(progress);
    if (last.isEmpty()) {
      return Optional.empty();
    }
    PostgresSnapshot landed = PostgresSnapshot.parse(last.get().input().snapshot());
    Connection connection = server.connect();
    try {
      Export export = export(connection);
      List<Slice> slices = plan(export, PostgresSource::allSlices);
      return Optional.of(
          new Pending(
              connection,
              progress,
              last.get().epoch(),
              export,
              tasks(export, landed.seen("ingested_xid"), slices, SLICE_BLOCKS),
              Optional.empty()));
    } catch (SQLException e) {
      closeAfter(connection, e);
      throw PipelineFailures.sourceUnreadable("usage_events", e);
    }
  }

  @Override
  public Optional<PendingEvents> landed(SourceProgress progress, TimeRange range) {
    return whole(progress)
        .flatMap(
            last ->
                piece(
                    progress,
                    last.epoch(),
                    seen(last.input()) + " AND " + within(range),
                    new Claim(last::input, false)));
  }

  /** Whether nothing of the source is landed for certain, so that a landing reads all of it. */
  public boolean isUnlanded(SourceProgress progress) {
    return whole(progress).isEmpty();
  }

  /** The last landing, unless all that is known of it is that nothing is landed for certain. */
  private static Optional<SnapshotLanding> whole(SourceProgress progress) {
    return progress.lastLanding().filter(last -> !last.input().snapshot().equals(NOTHING));
  }

  /**
   * What a first history comprises, for {@link #history}; empty where the source has been landed
   * from, so that there is no first history.
   *
   * @param earlier what an earlier run has fixed, which is kept if the server still knows it
   */
  public Optional<LandingInput.Snapshot> firstHistory(
      SourceProgress progress, Optional<LandingInput.Snapshot> earlier) {
    if (whole(progress).isPresent()) {
      return Optional.empty();
    }
    if (earlier.isPresent() && knows(progress, earlier.get())) {
      return earlier;
    }
    try (Connection connection = server.connect()) {
      String snapshot = export(connection).snapshot();
      return Optional.of(new LandingInput.Snapshot(snapshot, commitToken(progress)));
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("a snapshot", e);
    }
  }

  /**
   * Days of a first history, to be landed. The watermark stays behind all of it.
   *
   * @param upTo what {@link #firstHistory} has given
   */
  public EventSource history(LandingInput.Snapshot upTo, TimeRange days) {
    return new FirstHistory(this, upTo, days, false);
  }

  /**
   * What lies outside of days that are landed, to be landed in one piece, with the watermark: the
   * days themselves must be landed whole.
   *
   * @param upTo what {@link #firstHistory} has given
   */
  public EventSource historyOutside(LandingInput.Snapshot upTo, TimeRange landed) {
    return new FirstHistory(this, upTo, landed, true);
  }

  /**
   * Whether a first history has any event within one range and outside of another.
   *
   * @param upTo what {@link #firstHistory} has given
   */
  public boolean hasHistory(LandingInput.Snapshot upTo, TimeRange within, TimeRange outside) {
    return new PostgresHistory(server)
        .oneRow(seen(upTo) + " AND " + within(within) + " AND NOT (" + within(outside) + ")")
        .isPresent();
  }

  Optional<PendingEvents> daysOfHistory(
      SourceProgress progress, LandingInput.Snapshot upTo, TimeRange days) {
    requireKnown(progress, upTo);
    Supplier<LandingInput.Snapshot> claim =
        () ->
            progress
                .lastLanding()
                .map(SnapshotLanding::input)
                .orElseGet(() -> new LandingInput.Snapshot(NOTHING, commitToken(progress)));
    return piece(
        progress, epoch(progress), seen(upTo) + " AND " + within(days), new Claim(claim, false));
  }

  Optional<PendingEvents> restOfHistory(
      SourceProgress progress, LandingInput.Snapshot upTo, TimeRange landed) {
    requireKnown(progress, upTo);
    if (whole(progress).isPresent()) { // A rollup that was faster has landed everything.
      return Optional.empty();
    }
    return piece(
        progress,
        epoch(progress),
        seen(upTo) + " AND NOT (" + within(landed) + ")",
        new Claim(() -> upTo, true));
  }

  private static long epoch(SourceProgress progress) {
    return progress.lastLanding().map(SnapshotLanding::epoch).orElse(progress.epoch());
  }

  private void requireKnown(SourceProgress progress, LandingInput.Snapshot upTo) {
    if (!knows(progress, upTo)) {
      throw PipelineFailures.historyLost();
    }
  }

  private boolean knows(SourceProgress progress, LandingInput.Snapshot input) {
    try (Connection connection = server.connect()) {
      return knownTokens(connection, progress.landedTableId()).contains(input.token())
          && PostgresSnapshot.parse(input.snapshot()).xmin() <= horizon(connection);
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("extraction_tokens", e);
    }
  }

  private Optional<PendingEvents> piece(
      SourceProgress progress, long epoch, String condition, Claim claim) {
    Connection connection = server.connect();
    try {
      Export export = export(connection);
      List<Slice> slices = plan(export, planning -> slicesOf(planning, condition));
      if (slices.isEmpty() && !claim.movesOn()) {
        connection.close();
        return Optional.empty();
      }
      return Optional.of(
          new Pending(
              connection,
              progress,
              epoch,
              export,
              tasks(export, condition, slices, TASK_ROWS),
              Optional.of(claim)));
    } catch (SQLException e) {
      closeAfter(connection, e);
      throw PipelineFailures.sourceUnreadable("usage_events", e);
    } catch (RuntimeException e) {
      closeAfter(connection, e);
      throw e;
    }
  }

  /** SQL that holds for the rows that a landing's snapshot showed. */
  private static String seen(LandingInput.Snapshot input) {
    return PostgresSnapshot.parse(input.snapshot()).seen("ingested_xid");
  }

  /** SQL that holds for the rows of a range; of literals, so that partitions are pruned by them. */
  static String within(TimeRange range) {
    return "occurred_at >= '%s'::timestamptz AND occurred_at < '%s'::timestamptz"
        .formatted(Micros.toInstant(range.from()), Micros.toInstant(range.to()));
  }

  private static List<Slice> slicesOf(Connection connection, String condition) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(HISTORY_SLICES.text().formatted(SLICE_BLOCKS, condition))) {
      return slices(result);
    }
  }

  private Optional<PendingEvents> pending(Connection connection, SourceProgress progress)
      throws SQLException {
    Base base = base(connection, progress);
    warnings = HeldTransactions.find(connection, progress, longestTransaction);
    Export export = export(connection);
    if (base.landing().isPresent()) {
      PostgresSnapshot last = PostgresSnapshot.parse(base.landing().get().input().snapshot());
      List<Slice> slices = plan(export, planning -> unseenSlices(planning, last));
      return slices.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Pending(
                  connection,
                  progress,
                  base.epoch(),
                  export,
                  tasks(export, last.unseen("ingested_xid"), slices, TASK_ROWS),
                  Optional.empty()));
    }
    List<Slice> slices = plan(export, PostgresSource::allSlices);
    return slices.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Pending(
                connection,
                progress,
                base.epoch(),
                export,
                tasks(export, "true", slices, SLICE_BLOCKS),
                Optional.empty()));
  }

  /** From which landing to go on, and in which epoch. */
  private record Base(long epoch, Optional<SnapshotLanding> landing) {}

  /**
   * The last landing, if the server's history still contains it: its token is there and the
   * server's horizon has not gone back behind it. Otherwise a new epoch from the newest landing of
   * which that is true (EX-4).
   */
  private Base base(Connection connection, SourceProgress progress) throws SQLException {
    Optional<SnapshotLanding> last = progress.lastLanding();
    if (last.isEmpty()) {
      return new Base(progress.epoch(), last);
    }
    Set<String> known = knownTokens(connection, progress.landedTableId());
    long horizon = horizon(connection);
    List<SnapshotLanding> shared =
        progress.landings().stream()
            .filter(landing -> known.contains(landing.input().token()))
            .filter(landing -> xmin(landing) <= horizon)
            .toList();
    if (shared.isEmpty()) {
      return new Base(progress.epoch() + 1, Optional.empty());
    }
    SnapshotLanding newest = shared.get(shared.size() - 1);
    boolean goesOn = newest.equals(last.get());
    return new Base(goesOn ? newest.epoch() : progress.epoch() + 1, Optional.of(newest));
  }

  private static long xmin(SnapshotLanding landing) {
    return PostgresSnapshot.parse(landing.input().snapshot()).xmin();
  }

  private static long horizon(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT pg_current_snapshot()::text")) {
      result.next();
      return PostgresSnapshot.parse(result.getString(1)).xmin();
    }
  }

  private static Set<String> knownTokens(Connection connection, String consumer)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(KNOWN_TOKENS.text())) {
      statement.setString(1, consumer);
      Set<String> tokens = new HashSet<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          tokens.add(result.getString(1));
        }
      }
      return tokens;
    }
  }

  /** A snapshot that other connections can join while the exporting one holds it. */
  private record Export(String id, String snapshot) {}

  private static Export export(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(OPEN_SNAPSHOT.text())) {
      result.next();
      return new Export(result.getString(1), result.getString(2));
    }
  }

  private interface Planner {
    List<Slice> slices(Connection connection) throws SQLException;
  }

  /**
   * Looks for slices over a connection of its own: the exporting one must hold no locks, or a
   * partition that is being attached would wait for it, and the readers for that.
   */
  private List<Slice> plan(Export export, Planner planner) throws SQLException {
    try (Connection connection = server.connect()) {
      PostgresServer.join(connection, export.id());
      return planner.slices(connection);
    }
  }

  private static List<Slice> allSlices(Connection connection) throws SQLException {
    List<Slice> slices = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet leaves = statement.executeQuery(LEAVES.text())) {
      while (leaves.next()) {
        slices.addAll(Slice.divide(leaves.getString(1), leaves.getLong(2), SLICE_BLOCKS));
      }
    }
    return slices;
  }

  private static List<Slice> unseenSlices(Connection connection, PostgresSnapshot last)
      throws SQLException {
    Array inProgress = connection.createArrayOf("bigint", last.inProgress().toArray());
    try (PreparedStatement statement = connection.prepareStatement(UNSEEN_SLICES.text())) {
      statement.setLong(1, SLICE_BLOCKS);
      statement.setLong(2, last.xmax());
      statement.setArray(3, inProgress);
      try (ResultSet result = statement.executeQuery()) {
        return slices(result);
      }
    }
  }

  private static List<Slice> slices(ResultSet result) throws SQLException {
    List<Slice> slices = new ArrayList<>();
    while (result.next()) {
      long from = result.getLong(2) * SLICE_BLOCKS;
      slices.add(new Slice(result.getString(1), from, from + SLICE_BLOCKS, result.getLong(3)));
    }
    return slices;
  }

  /**
   * What a landing takes, where that is not all that its snapshot shows.
   *
   * @param input what it says
   * @param movesOn whether it is to be made without events too
   */
  private record Claim(Supplier<LandingInput.Snapshot> input, boolean movesOn) {}

  /**
   * Commits a token and waits for its WAL to be on disk: then all that a snapshot shows which was
   * taken before is on disk before it, so a server that knows the token has lost nothing of what
   * was landed (EX-4).
   */
  private String commitToken(SourceProgress progress) {
    try (Connection tokens = server.connect();
        Statement durability = tokens.createStatement();
        PreparedStatement commit = tokens.prepareStatement(COMMIT_TOKEN.text());
        PreparedStatement forget = tokens.prepareStatement(FORGET_OLD_TOKENS.text())) {
      durability.execute("SET synchronous_commit = on");
      forget.setString(1, progress.landedTableId());
      forget.setString(2, progress.landedTableId());
      forget.executeUpdate();
      commit.setString(1, progress.landedTableId());
      try (ResultSet result = commit.executeQuery()) {
        result.next();
        return result.getString(1);
      }
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable("extraction_tokens", e);
    }
  }

  private List<UsageEventsScan.Task> tasks(
      Export export, String condition, List<Slice> slices, long weightEach) {
    return Slice.pack(slices, weightEach).stream()
        .map(packed -> new UsageEventsScan.Task(server, export.id(), condition, packed))
        .toList();
  }

  private static void closeAfter(Connection connection, Exception failure) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private static SqlResource sql(String file) {
    return SqlResource.of(PostgresSource.class, file);
  }

  /** Pending rows within an open snapshot. */
  private final class Pending implements PendingEvents {
    private final Connection connection;
    private final SourceProgress progress;
    private final long epoch;
    private final Export export;
    private final List<UsageEventsScan.Task> tasks;
    private final Optional<Claim> claim;

    private Pending(
        Connection connection,
        SourceProgress progress,
        long epoch,
        Export export,
        List<UsageEventsScan.Task> tasks,
        Optional<Claim> claim) {
      this.connection = connection;
      this.progress = progress;
      this.epoch = epoch;
      this.export = export;
      this.tasks = tasks;
      this.claim = claim;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public Dataset<Row> rows() {
      return UsageEventsScan.rows(spark, tasks);
    }

    @Override
    public List<LandingInput> claim() {
      return List.of(
          claim
              .map(given -> given.input().get())
              .orElseGet(
                  () -> new LandingInput.Snapshot(export.snapshot(), commitToken(progress))));
    }

    @Override
    public boolean movesOn() {
      return claim.filter(Claim::movesOn).isPresent();
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        throw PipelineFailures.sourceUnreadable("usage_events", e);
      }
    }
  }
}
