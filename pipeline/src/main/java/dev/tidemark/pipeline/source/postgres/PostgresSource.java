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
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
  /** Blocks in a slice: 64 MiB at Postgres' block size of 8 KiB. */
  private static final long SLICE_BLOCKS = 8_192;

  /** Rows that one task reads when they are counted beforehand. */
  private static final long TASK_ROWS = 250_000;

  private static final SqlResource IDENTITY = sql("identity.sql");
  private static final SqlResource OPEN_SNAPSHOT = sql("open-snapshot.sql");
  private static final SqlResource LEAVES = sql("leaves.sql");
  private static final SqlResource UNSEEN_SLICES = sql("unseen-slices.sql");
  private static final SqlResource COMMIT_TOKEN = sql("commit-token.sql");
  private static final SqlResource FORGET_OLD_TOKENS = sql("forget-old-tokens.sql");
  private static final SqlResource KNOWN_TOKENS = sql("known-tokens.sql");
  private static final SqlResource PUBLISH_WATERMARK = sql("publish-watermark.sql");

  private final SparkSession spark;
  private final PostgresServer server;
  private final String systemIdentifier;
  private final Duration longestTransaction;
  private List<PipelineWarning> warnings = List.of();

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
    return warnings;
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
    Optional<SnapshotLanding> last = progress.lastLanding();
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
              tasks(export, landed.seen("ingested_xid"), slices, SLICE_BLOCKS)));
    } catch (SQLException e) {
      closeAfter(connection, e);
      throw PipelineFailures.sourceUnreadable("usage_events", e);
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
                  tasks(export, last.unseen("ingested_xid"), slices, TASK_ROWS)));
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
                tasks(export, "true", slices, SLICE_BLOCKS)));
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
    List<Slice> slices = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(UNSEEN_SLICES.text())) {
      statement.setLong(1, SLICE_BLOCKS);
      statement.setLong(2, last.xmax());
      statement.setArray(3, inProgress);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          long from = result.getLong(2) * SLICE_BLOCKS;
          slices.add(new Slice(result.getString(1), from, from + SLICE_BLOCKS, result.getLong(3)));
        }
      }
    }
    return slices;
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

    private Pending(
        Connection connection,
        SourceProgress progress,
        long epoch,
        Export export,
        List<UsageEventsScan.Task> tasks) {
      this.connection = connection;
      this.progress = progress;
      this.epoch = epoch;
      this.export = export;
      this.tasks = tasks;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public Dataset<Row> rows() {
      return UsageEventsScan.rows(spark, tasks);
    }

    /**
     * Commits the token after the snapshot was taken and waits for its WAL to be on disk: then all
     * that the snapshot shows is on disk before it, so a server that knows the token has lost
     * nothing of what was landed (EX-4).
     */
    @Override
    public List<LandingInput> claim() {
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
          return List.of(new LandingInput.Snapshot(export.snapshot(), result.getString(1)));
        }
      } catch (SQLException e) {
        throw PipelineFailures.sourceUnreadable("extraction_tokens", e);
      }
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
