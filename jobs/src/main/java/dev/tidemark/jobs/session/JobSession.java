package dev.tidemark.jobs.session;

import com.typesafe.config.Config;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
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

  /**
   * A session to be.
   *
   * @param config the loaded configuration
   * @param name of the job, as Spark and failures show it
   */
  public JobSession(Config config, String name) {
    this.config = config;
    this.name = name;
  }

  /**
   * Runs work on the pipeline. Where events come from Postgres, it is connected to before Spark
   * starts; where they come from files, no database is touched.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure whatever the user can mend
   */
  public <T> T withPipeline(Function<Pipeline, T> work) {
    return withSource(Pipeline::open, work);
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
