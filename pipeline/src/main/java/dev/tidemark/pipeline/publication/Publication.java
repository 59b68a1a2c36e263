package dev.tidemark.pipeline.publication;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.lineage.DatasetName;
import dev.tidemark.pipeline.metrics.LatencyFunctions;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.Work;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import dev.tidemark.pipeline.sql.SqlResource;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the Postgres table {@code usage_summaries} equal to the rollups: hours and days as they
 * are, months added up from days.
 *
 * <p>{@code usage_publications} holds, by grain, the version of the rollup that the summaries
 * equal. A publication finds out which dates changed since, and brings them up to date a month at a
 * time, each month in a transaction that writes differences only; the last of them moves the
 * version. One publication is at work at a time: it reads the newest version once it has the lock,
 * so that an older one can never follow a newer.
 */
public final class Publication {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  /** "tidemark" and a number of its own, as the keys of Postgres's advisory locks. */
  private static final String LOCK = "SELECT pg_try_advisory_lock(hashtext('tidemark'), 80)";

  /** No event is as late as this. */
  private static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

  private static final Duration MOST_WAIT = Duration.ofSeconds(60);

  private final Lake lake;
  private final PostgresServer server;
  private final PublicationSettings settings;
  private final Duration mostWait;

  /** A publication of a lake to the server that holds its events. */
  public Publication(Lake lake, PostgresServer server, PublicationSettings settings) {
    this(lake, server, settings, MOST_WAIT);
  }

  Publication(Lake lake, PostgresServer server, PublicationSettings settings, Duration mostWait) {
    this.lake = Objects.requireNonNull(lake);
    this.server = Objects.requireNonNull(server);
    this.settings = Objects.requireNonNull(settings);
    this.mostWait = Objects.requireNonNull(mostWait);
  }

  /** The table that is published to, as lineage names it. */
  public DatasetName dataset() {
    return DatasetName.ofTable(server.jdbcUrl(), "usage_summaries");
  }

  /** The same for a run whose work is watched. */
  public Publication of(Lake watched) {
    return new Publication(watched, server, settings, mostWait);
  }

  /**
   * Brings the summaries up to date. Where they are, no Spark job runs and nothing is written. A
   * database without the table, or a configuration that says so, leaves all as it is.
   *
   * @param whole compare every window, whatever has been published
   * @param dataAsOf everything that the source held at this time is in the rollups
   * @throws dev.tidemark.pipeline.failure.PipelineException if another lake publishes there,
   *     another run does for long, or Postgres refuses
   */
  public PublicationReport run(boolean whole, Instant dataAsOf) {
    if (!settings.enabled()) {
      return PublicationReport.NONE;
    }
    try (Connection connection = server.connect()) {
      if (!isThere(connection)) {
        LOG.info("{} has no usage_summaries to publish to", server);
        return PublicationReport.NONE;
      }
      PostgresServer.refuseHiddenRows(connection, "usage_summaries");
      lock(connection);
      return publish(connection, whole, dataAsOf);
    } catch (SQLException e) {
      throw PipelineFailures.publicationFailed(server.toString(), e);
    }
  }

  private PublicationReport publish(Connection connection, boolean whole, Instant dataAsOf)
      throws SQLException {
    LakeHistory history = LakeHistory.read(lake);
    PublicationReport report = PublicationReport.NONE;
    Session session = null;
    for (Grain grain : Grain.values()) {
      LakeTable rollup = grain.rollup(lake);
      Position now = Position.of(rollup, history.identity(rollup.name()));
      Optional<Position> before = Position.read(connection, grain);
      before.ifPresent(known -> refuseOther(known, now));
      Optional<Position> from = before.filter(known -> !whole && known.isBehind(now, rollup));
      if (from.isPresent() && from.get().version() == now.version()) {
        continue;
      }
      if (session == null) {
        session = new Session(connection);
      }
      report = report.plus(session.bringUpToDate(grain, before, from, now, dataAsOf));
    }
    if (report.leftOut() > 0) {
      LOG.warn(
          "{} rows of the rollups cannot be published: Postgres wants UUIDs in lower case, a provider"
              + " and a model",
          report.leftOut());
    }
    return report;
  }

  /**
   * Sums of each window in a rollup and in Postgres, as a reconciliation compares them; empty where
   * the summaries are not of the rollup's newest version, and where nothing is published.
   *
   * @param comparison its name in the results
   * @param rollup rows of the grain's rollup
   * @param days whole UTC days to which the rows keep; empty for all
   */
  public Optional<Dataset<Row>> comparison(
      String comparison, Grain grain, Dataset<Row> rollup, Optional<TimeRange> days) {
    if (!settings.enabled() || grain == Grain.MONTH && days.isPresent()) {
      return Optional.empty();
    }
    try (Connection connection = server.connect()) {
      if (!isThere(connection)) {
        return Optional.empty();
      }
      PostgresServer.refuseHiddenRows(connection, "usage_summaries");
      LakeTable table = grain.rollup(lake);
      Position now = Position.of(table, LakeHistory.read(lake).identity(table.name()));
      if (!Position.read(connection, grain).filter(now::equals).isPresent()) {
        return Optional.empty();
      }
      Instant first = start(settings.firstMonth(grain, lake.clock().instant()));
      Instant from = days.map(range -> Micros.toInstant(range.from())).orElse(first);
      from = from.isBefore(first) ? first : from;
      Instant to = days.map(range -> Micros.toInstant(range.to())).orElse(END);
      SparkSession spark = rollup.sparkSession();
      spark
          .createDataFrame(
              PublishedWindows.read(connection, grain, from, to), PublishedWindows.SCHEMA)
          .createOrReplaceTempView("published_windows");
      rollup
          .where(grain.window() + " >= TIMESTAMP'" + from + "'")
          .createOrReplaceTempView("published_rollup");
      return Optional.of(
          spark.sql(
              sql("rollup-and-summaries.sql")
                  .replace("${comparison}", comparison)
                  .replace("${fits}", sql("fits.sql"))
                  .replace("${window}", grain.window())));
    } catch (SQLException e) {
      throw PipelineFailures.publicationFailed(server.toString(), e);
    }
  }

  private void refuseOther(Position known, Position now) {
    if (!known.lake().equals(now.lake()) && !known.tableId().equals(now.tableId())) {
      throw PipelineFailures.summariesOfAnotherLake(server.toString(), known.lake(), now.lake());
    }
  }

  private static boolean isThere(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT to_regclass('usage_summaries') IS NOT NULL"
                    + " AND to_regclass('usage_publications') IS NOT NULL")) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  /** Held until the connection ends, however it ends. */
  private void lock(Connection connection) throws SQLException {
    Instant until = Instant.now().plus(mostWait);
    try (Statement statement = connection.createStatement()) {
      while (true) {
        try (ResultSet rows = statement.executeQuery(LOCK)) {
          rows.next();
          if (rows.getBoolean(1)) {
            return;
          }
        }
        if (Instant.now().isAfter(until)) {
          throw PipelineFailures.publicationBusy(server.toString(), mostWait);
        }
        Thread.sleep(200);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineFailures.interrupted(e);
    }
  }

  /** A session of Spark and one of Postgres that work at one publication. */
  private final class Session {
    private final Connection connection;
    private final Lake own;
    private final Stage stage;

    Session(Connection connection) throws SQLException {
      this.connection = connection;
      SparkSession spark =
          ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
      LatencyFunctions.register(spark);
      this.own = lake.with(spark);
      connection.setAutoCommit(false);
      this.stage = Stage.make(connection);
      connection.commit();
    }

    PublicationReport bringUpToDate(
        Grain grain,
        Optional<Position> before,
        Optional<Position> from,
        Position now,
        Instant dataAsOf)
        throws SQLException {
      ChangedWindows changed = new ChangedWindows(own, grain);
      SortedMap<LocalDate, SortedSet<LocalDate>> months =
          from.isPresent()
              ? changed.between(from.get().version(), now.version())
              : all(changed, grain, now.version());
      Instant clock = lake.clock().instant();
      months.keySet().removeIf(month -> !settings.holds(grain, month, clock));
      PublicationReport report = PublicationReport.NONE;
      for (Map.Entry<LocalDate, SortedSet<LocalDate>> month : months.entrySet()) {
        report = report.plus(write(grain, now, dataAsOf, month.getKey(), month.getValue()));
        if (month.getKey().equals(months.lastKey())) {
          move(grain, before, now);
        }
        connection.commit();
      }
      if (months.isEmpty()) {
        move(grain, before, now);
        connection.commit();
      }
      return report;
    }

    private PublicationReport write(
        Grain grain, Position now, Instant dataAsOf, LocalDate month, SortedSet<LocalDate> dates)
        throws SQLException {
      return own.watch()
          .during(
              Work.Kind.PUBLICATION,
              "usage_summaries",
              grain.label() + " " + YearMonth.from(month),
              work -> {
                long leftOut = stage.fill(rows(grain, now.version(), month, dates));
                long written = stage.write(grain, dataAsOf);
                long deleted = stage.deleteVanished(grain, month, dates);
                work.add(Figure.ROWS_UPDATED, written).add(Figure.ROWS_DELETED, deleted);
                return new PublicationReport(written, deleted, leftOut);
              });
    }

    /** A lock that was lost on the way, as behind a pooler, must not let two publications mix. */
    private void move(Grain grain, Optional<Position> before, Position now) throws SQLException {
      if (!now.write(connection, grain, before)) {
        throw PipelineFailures.publicationBusy(server.toString(), Duration.ZERO);
      }
    }

    /** Dates with rows in the lake or in Postgres. */
    private SortedMap<LocalDate, SortedSet<LocalDate>> all(
        ChangedWindows changed, Grain grain, long version) throws SQLException {
      SortedMap<LocalDate, SortedSet<LocalDate>> months = changed.all(version);
      String sql = SqlResource.of(Publication.class, "published-dates.sql").text();
      List<LocalDate> published = new ArrayList<>();
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setString(1, grain.label());
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            published.add(rows.getObject(1, LocalDate.class));
          }
        }
      }
      ChangedWindows.byMonth(new TreeSet<>(published))
          .forEach(
              (month, dates) ->
                  months.merge(
                      month,
                      dates,
                      (left, right) -> {
                        SortedSet<LocalDate> both = new TreeSet<>(left);
                        both.addAll(right);
                        return both;
                      }));
      return months;
    }

    private Dataset<Row> rows(
        Grain grain, long version, LocalDate month, SortedSet<LocalDate> dates) {
      String literals =
          dates.stream().map(date -> "DATE'" + date + "'").collect(Collectors.joining(", "));
      String partition = grain == Grain.HOUR ? "" : " AND usage_month = DATE'%s'".formatted(month);
      grain
          .rollup(own)
          .readVersion(version)
          .where(grain.date() + " IN (" + literals + ")" + partition)
          .createOrReplaceTempView("rollup_rows");
      String rows = "rollup_rows";
      if (grain == Grain.MONTH) {
        own.spark()
            .sql(sql("month-rows.sql").replace("${rows}", rows))
            .createOrReplaceTempView("month_rows");
        rows = "month_rows";
      }
      return own.spark()
          .sql(
              sql("summaries.sql")
                  .replace("${fits}", sql("fits.sql"))
                  .replace("${rows}", rows)
                  .replace("${window}", grain.window()));
    }
  }

  private static String sql(String file) {
    return SqlResource.of(Publication.class, file).text();
  }

  /** The first instant of a UTC date. */
  static Instant start(LocalDate date) {
    return date.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
