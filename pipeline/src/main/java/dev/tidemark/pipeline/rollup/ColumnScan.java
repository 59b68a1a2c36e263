package dev.tidemark.pipeline.rollup;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table's files read column by column, where the plan for that is nothing but a scan: of a
 * dimension's texts only those are decoded that somebody looks at.
 */
final class ColumnScan {
  private static final String OPEN_COST = "spark.sql.files.openCostInBytes";
  private static final String MOST_BYTES = "spark.sql.files.maxPartitionBytes";

  /** What it costs to open a file, in bytes that could be read meanwhile, as Spark has it. */
  private static final long FILE_COST = 4L << 20;

  private final List<String> columns;
  private final boolean liesByDate;
  private final RDD<ColumnarBatch> batches;
  private final long mostBytes;

  private ColumnScan(FileSourceScanExec scan, RDD<ColumnarBatch> batches, long mostBytes) {
    this.columns =
        CollectionConverters.asJava(scan.output()).stream().map(Attribute::name).toList();
    StructField[] partitioning = scan.relation().partitionSchema().fields();
    this.liesByDate =
        partitioning.length == 1 && partitioning[0].dataType().equals(DataTypes.DateType);
    this.batches = batches;
    this.mostBytes = mostBytes;
  }

  /**
   * The scan under rows; empty where Spark does more than to read, project and filter by one
   * column.
   *
   * @param filtered the column; whoever reads the batches filters by it himself, since a scan
   *     leaves out only what lies apart
   */
  static Optional<ColumnScan> of(Dataset<Row> rows, String filtered) {
    RuntimeConfig settings = rows.sparkSession().conf();
    String openCost = settings.get(OPEN_COST);
    // As much as a whole task's bytes: no task is then given pieces of two files, which might be of
    // two dates.
    String mostBytes = settings.get(MOST_BYTES);
    settings.set(OPEN_COST, mostBytes);
    try {
      return scan(rows, filtered)
          .flatMap(
              scan -> {
                RDD<ColumnarBatch> batches = scan.executeColumnar();
                // Partitions are made with these settings, now.
                return Arrays.stream(batches.partitions())
                        .allMatch(
                            partition ->
                                partition instanceof FilePartition files
                                    && files.files().length > 0)
                    ? Optional.of(
                        new ColumnScan(scan, batches, JavaUtils.byteStringAsBytes(mostBytes)))
                    : Optional.empty();
              });
    } finally {
      settings.set(OPEN_COST, openCost);
    }
  }

  private static Optional<FileSourceScanExec> scan(Dataset<Row> rows, String filtered) {
    SparkPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().sparkPlan();
    while (true) {
      if (plan instanceof ProjectExec project
          && CollectionConverters.asJava(project.projectList()).stream()
              .allMatch(Attribute.class::isInstance)) {
        plan = project.child();
      } else if (plan instanceof FilterExec filter
          && CollectionConverters.asJava(filter.references().toSeq()).stream()
              .allMatch(attribute -> attribute.name().equals(filtered))) {
        plan = filter.child();
      } else {
        return plan instanceof FileSourceScanExec scan && scan.supportsColumnar()
            ? Optional.of(scan)
            : Optional.empty();
      }
    }
  }

  /** Where columns lie in a batch. */
  int[] positions(List<String> wanted) {
    return wanted.stream().mapToInt(columns::indexOf).toArray();
  }

  /** The batches, divided into tasks of about equal size. */
  JavaRDD<ColumnarBatch> batches() {
    long all = 0;
    for (Partition partition : batches.partitions()) {
      all += bytes(partition) + FILE_COST;
    }
    long wanted = Math.min(mostBytes, all / batches.sparkContext().defaultParallelism());
    List<PartitionGroup> tasks = new ArrayList<>();
    long bytes = Long.MAX_VALUE;
    for (Partition partition : batches.partitions()) {
      long more = bytes(partition) + FILE_COST;
      if (tasks.isEmpty() || bytes + more > wanted) {
        tasks.add(new PartitionGroup(Option.empty()));
        bytes = 0;
      }
      tasks.get(tasks.size() - 1).partitions().addOne(partition);
      bytes += more;
    }
    return tasks(tasks);
  }

  private static long bytes(Partition partition) {
    long bytes = 0;
    for (PartitionedFile file : ((FilePartition) partition).files()) {
      bytes += file.length();
    }
    return bytes;
  }

  /**
   * The batches, all of a date in one task; empty where that would leave cores idle or make a task
   * too large, or where files do not lie by date.
   *
   * @param mostBytes of files that one task may read
   * @param fewBytes of files that one task may read alone
   */
  Optional<JavaRDD<ColumnarBatch>> byDate(long mostBytes, long fewBytes) {
    if (!liesByDate) {
      return Optional.empty();
    }
    Map<Integer, PartitionGroup> dates = new TreeMap<>();
    Map<Integer, Long> bytes = new TreeMap<>();
    for (Partition partition : batches.partitions()) {
      PartitionedFile[] files = ((FilePartition) partition).files();
      for (PartitionedFile file : files) {
        if (file.partitionValues().isNullAt(0)
            || file.partitionValues().getInt(0) != files[0].partitionValues().getInt(0)) {
          return Optional.empty();
        }
      }
      int date = files[0].partitionValues().getInt(0);
      bytes.merge(date, bytes(partition), Long::sum);
      dates
          .computeIfAbsent(date, made -> new PartitionGroup(Option.empty()))
          .partitions()
          .addOne(partition);
    }
    long all = bytes.values().stream().mapToLong(Long::longValue).sum();
    long largest = bytes.values().stream().mapToLong(Long::longValue).max().orElse(0);
    boolean keepsBusy = dates.size() >= 2 * batches.sparkContext().defaultParallelism();
    if (largest > mostBytes || !(keepsBusy || all <= fewBytes)) {
      return Optional.empty();
    }
    // The largest first, so that none of them is begun last.
    return Optional.of(
        tasks(
            dates.entrySet().stream()
                .sorted(Comparator.comparing(entry -> -bytes.get(entry.getKey())))
                .map(Map.Entry::getValue)
                .toList()));
  }

  private JavaRDD<ColumnarBatch> tasks(List<PartitionGroup> groups) {
    return groups.isEmpty()
        ? batches.toJavaRDD()
        : batches
            .coalesce(groups.size(), false, Option.apply(new Given(List.copyOf(groups))), null)
            .toJavaRDD();
  }

  /** Groups that were made before. */
  private static final class Given implements PartitionCoalescer, Serializable {
    private static final long serialVersionUID = 1L;

    private final transient List<PartitionGroup> groups;

    Given(List<PartitionGroup> groups) {
      this.groups = groups;
    }

    @Override
    public PartitionGroup[] coalesce(int most, RDD<?> parent) {
      return groups.toArray(PartitionGroup[]::new);
    }
  }
}
