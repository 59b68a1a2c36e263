package dev.tidemark.jobs.session;

import com.typesafe.config.Config;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.lineage.DatasetName;
import dev.tidemark.pipeline.lineage.Datasets;
import dev.tidemark.pipeline.lineage.LineageSettings;
import dev.tidemark.pipeline.observation.Watch;
import dev.tidemark.pipeline.session.SparkSessions;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** Runs the work of one job in a session that is opened for it and closed after it. */
public final class JobSession {
  private final Config config;
  private final String name;
  private final boolean log;

  /**
   * A session to be.
   *
   * @param config the loaded configuration
   * @param name of the job, as Spark and failures show it
   */
  public JobSession(Config config, String name) {
    this(config, name, false);
  }

  /**
   * A session to be, of which machines read the log where no person reads along.
   *
   * @param name of the job, as Spark and failures show it
   */
  public JobSession(Console console, String name) {
    this(console.config(), name, !console.isTerminal());
  }

  private JobSession(Config config, String name, boolean log) {
    this.config = config;
    this.name = name;
    this.log = log;
  }

  /**
   * Runs work on the pipeline. Where events come from Postgres, it is connected to before Spark
   * starts; where they come from files, no database is touched.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T withPipeline(Function<Pipeline, T> work) {
    LineageSettings lineage = LineageSettings.from(config);
    return withSource(
        Pipeline::open,
        pipeline -> {
          try (Reporting reporting = reporting(pipeline.lake(), lineage, pipeline.datasets())) {
            return work.apply(pipeline.observedBy(reporting.observer()));
          }
        });
  }

  /**
   * The same with a lake that is there already and stays as it is.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T looking(Function<Pipeline, T> work) {
    return withSource(Pipeline::look, work);
  }

  @FunctionalInterface
  private interface Opening {
    Pipeline open(SparkSession spark, PipelineSettings settings, Optional<PostgresServer> server);
  }

  private <T> T withSource(Opening opening, Function<Pipeline, T> work) {
    PipelineSettings settings = PipelineSettings.from(config);
    if (settings.files().isPresent()) {
      return withSpark(
          settings, spark -> work.apply(opening.open(spark, settings, Optional.empty())));
    }
    try (DatabaseLease lease = Databases.open(config)) {
      Optional<PostgresServer> server = Optional.of(reached(lease.database()));
      return withSpark(settings, spark -> work.apply(opening.open(spark, settings, server)));
    }
  }

  /**
   * Runs work on a lake that is there already; neither lake nor source is changed.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T withLake(Function<Lake, T> work) {
    return withAnyLake(
        lake -> {
          new LakeChangeSets(lake).requireLake();
          return work.apply(lake);
        });
  }

  /**
   * Runs work that changes a lake which is there already, and tells who hears of runs.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T withToldLake(Function<Lake, T> work) {
    LineageSettings lineage = LineageSettings.from(config);
    return withLake(
        lake -> {
          Datasets datasets =
              new Datasets(DatasetName.ofPath(lake.path()), lake.path(), Optional.empty());
          try (Reporting reporting = reporting(lake, lineage, datasets)) {
            return work.apply(lake.watchedBy(Watch.by(reporting.observer())));
          }
        });
  }

  private Reporting reporting(Lake lake, LineageSettings lineage, Datasets datasets) {
    return Reporting.open(lineage, datasets, lake.spark().version(), log);
  }

  /** Work on a lake, and on the Postgres that is its source, where it is there to be looked at. */
  @FunctionalInterface
  public interface Looking<T> {
    /**
     * Does it.
     *
     * @param server empty for files, and where the laptop's own Postgres is not running
     * @param unreachable why the server cannot be looked at
     */
    T at(Lake lake, Optional<PostgresServer> server, Optional<UserFailure> unreachable);
  }

  /**
   * Runs work on a lake that is there already, whether or not its source is. Nothing is started or
   * changed.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T withLakeAndServer(Looking<T> work) {
    PipelineSettings settings = PipelineSettings.from(config);
    Optional<PostgresServer> server = Optional.empty();
    Optional<UserFailure> unreachable = Optional.empty();
    if (settings.files().isEmpty()) {
      try {
        server = Optional.of(reached(Databases.running(config)));
      } catch (UserFailure e) {
        unreachable = Databases.isEmbedded(config) ? Optional.empty() : Optional.of(e);
      }
    }
    Optional<PostgresServer> there = server;
    Optional<UserFailure> failure = unreachable;
    return withLake(lake -> work.at(lake, there, failure));
  }

  /**
   * Runs work on a lake that may still be to be made.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T withAnyLake(Function<Lake, T> work) {
    PipelineSettings settings = PipelineSettings.from(config);
    return withSpark(settings, spark -> work.apply(Lake.at(spark, settings.lake())));
  }

  /**
   * Runs work that opens lake and pipeline by itself.
   *
   * @param settings name the lake, for messages
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T withSpark(PipelineSettings settings, Function<SparkSession, T> work) {
    SparkSession spark = SparkSessions.open(config, name);
    try {
      return work.apply(spark);
    } catch (Exception e) { // Scala throws what it does not declare.
      throw SparkFailures.of(name, settings.lake(), e);
    } finally {
      spark.stop();
    }
  }

  private static PostgresServer reached(Database database) {
    try {
      database.connect().close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new PostgresServer(database.jdbcUrl(), database.user(), database.password());
  }
}
