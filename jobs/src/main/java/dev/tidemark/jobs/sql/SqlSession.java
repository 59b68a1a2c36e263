package dev.tidemark.jobs.sql;

import com.typesafe.config.Config;
import dev.tidemark.jobs.failure.JobsException;
import dev.tidemark.jobs.failure.JobsFailures;
import dev.tidemark.pipeline.session.LakeCatalog;
import dev.tidemark.pipeline.session.SparkSessions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A Spark session in which the lake's tables are known by their plain names. */
final class SqlSession implements AutoCloseable {
  private final SparkSession spark;
  private List<String> functions = List.of();

  private SqlSession(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Opens the lake.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if there is none
   */
  static SqlSession open(Config config) {
    SparkSession spark = SparkSessions.open(config, "tidemark sql");
    try {
      LakeCatalog.register(spark, config);
    } catch (RuntimeException e) {
      spark.stop();
      throw e;
    }
    // What fails is told once, by us.
    spark.sparkContext().setLogLevel("ERROR");
    // Times as java.time instants, which know no zone but UTC.
    spark.conf().set("spark.sql.datetime.java8API.enabled", true);
    // With which Delta cannot answer max(usage_date) from its log: it casts dates to the older
    // type.
    spark.conf().set("spark.databricks.delta.optimizeMetadataQuery.enabled", false);
    return new SqlSession(spark);
  }

  /**
   * Runs one statement and writes the rows it gives, if it is one that gives rows.
   *
   * @throws JobsException if Spark refuses the statement or it fails over the data
   */
  void run(String statement, RowWriter writer) {
    guarded(
        statement,
        () -> {
          Dataset<Row> rows = spark.sql(statement);
          if (rows.columns().length > 0) {
            writer.write(rows);
          }
          return null;
        });
  }

  /** The names of the tables and views, in alphabetical order. */
  List<String> tables() {
    return spark.catalog().listTables().collectAsList().stream()
        .map(table -> table.name())
        .sorted()
        .toList();
  }

  /** The names of a table's or view's columns, in their order; none if there is no such table. */
  List<String> columns(String table) {
    return spark.catalog().tableExists(table)
        ? Arrays.asList(spark.table(table).columns())
        : List.of();
  }

  /** The names of the functions, Spark's and ours, in alphabetical order; operators are none. */
  List<String> functions() {
    if (functions.isEmpty()) {
      functions =
          spark.sql("SHOW FUNCTIONS").as(Encoders.STRING()).collectAsList().stream()
              .map(name -> name.substring(name.lastIndexOf('.') + 1))
              .filter(name -> name.matches("\\w+"))
              .distinct()
              .sorted()
              .toList();
    }
    return functions;
  }

  /** Gives up what is running; the statement fails. */
  void cancel() {
    spark.sparkContext().cancelAllJobs();
  }

  @Override
  public void close() {
    spark.stop();
  }

  private static void guarded(String statement, Callable<Void> work) {
    try {
      work.call();
    } catch (Exception e) {
      throw failure(statement, e);
    }
  }

  /** What Spark has a name for is the statement's fault; the innermost such cause says it best. */
  private static RuntimeException failure(String statement, Exception thrown) {
    Throwable named = null;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable known && known.getCondition() != null) {
        if (known.isInternalError()) {
          return new IllegalStateException(thrown);
        }
        named = cause;
      }
    }
    if (named != null) {
      return JobsFailures.statementFailed(statement, named);
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(thrown);
  }
}
