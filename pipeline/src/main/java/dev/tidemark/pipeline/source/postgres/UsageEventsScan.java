package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.source.RawEvents;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/**
 * Spark's view of slices of {@code usage_events}: each task copies its slices out over a connection
 * of its own, inside the one exported snapshot (EX-2).
 */
final class UsageEventsScan implements SupportsRead, ScanBuilder, Scan, Batch {
  /** What one task reads. */
  record Task(PostgresServer server, String snapshot, String condition, List<Slice> slices)
      implements InputPartition {
    private static final long serialVersionUID = 1L;
  }

  private final List<Task> tasks;

  private UsageEventsScan(List<Task> tasks) {
    this.tasks = List.copyOf(tasks);
  }

  /** The rows of all tasks, shaped as {@link RawEvents#SCHEMA}. */
  static Dataset<Row> rows(SparkSession spark, List<Task> tasks) {
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (org.apache.spark.sql.classic.SparkSession) spark,
        DataSourceV2Relation.create(new UsageEventsScan(tasks), Option.empty(), Option.empty()));
  }

  @Override
  public String name() {
    return "usage_events in Postgres";
  }

  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    return RawEvents.SCHEMA;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return EnumSet.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return this;
  }

  @Override
  public Scan build() {
    return this;
  }

  @Override
  public StructType readSchema() {
    return RawEvents.SCHEMA;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return tasks.toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ReaderFactory();
  }

  private static final class ReaderFactory implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new UsageEventsReader((Task) partition);
    }
  }
}
