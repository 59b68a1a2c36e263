package dev.tidemark.pipeline.rollup;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
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

  private final List<String> columns;
  private final RDD<ColumnarBatch> batches;

  private ColumnScan(List<String> columns, RDD<ColumnarBatch> batches) {
    this.columns = columns;
    this.batches = batches;
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
    settings.set(OPEN_COST, settings.get(MOST_BYTES));
    try {
      return scan(rows, filtered)
          .map(
              scan -> {
                RDD<ColumnarBatch> batches = scan.executeColumnar();
                batches.partitions(); // are made with these settings
                return new ColumnScan(names(scan), batches);
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

  private static List<String> names(FileSourceScanExec scan) {
    return CollectionConverters.asJava(scan.output()).stream().map(Attribute::name).toList();
  }

  /** Where columns lie in a batch. */
  int[] positions(List<String> wanted) {
    return wanted.stream().mapToInt(columns::indexOf).toArray();
  }

  /** The batches, divided into tasks anyhow. */
  JavaRDD<ColumnarBatch> batches() {
    return batches.toJavaRDD();
  }

  /**
   * The batches, all of a date in one task; empty where that would leave cores idle or make a task
   * too large, or where files do not lie by date.
   *
   * @param mostBytes of files that one task may read
   * @param fewBytes of files that one task may read alone
   */
  Optional<JavaRDD<ColumnarBatch>> byPartition(long mostBytes, long fewBytes) {
    Map<String, List<Partition>> parts = new TreeMap<>();
    Map<String, Long> bytes = new TreeMap<>();
    for (Partition partition : batches.partitions()) {
      if (!(partition instanceof FilePartition files)) {
        return Optional.empty();
      }
      String key = null;
      for (PartitionedFile file : files.files()) {
        if (file.partitionValues().numFields() != 1 || file.partitionValues().isNullAt(0)) {
          return Optional.empty();
        }
        String date = String.valueOf(file.partitionValues().getInt(0));
        if (key != null && !key.equals(date)) {
          return Optional.empty();
        }
        key = date;
        bytes.merge(date, file.length(), Long::sum);
      }
      parts.computeIfAbsent(key, date -> new ArrayList<>()).add(partition);
    }
    long all = bytes.values().stream().mapToLong(Long::longValue).sum();
    long largest = bytes.values().stream().mapToLong(Long::longValue).max().orElse(0);
    boolean keepsBusy = parts.size() >= 2 * batches.sparkContext().defaultParallelism();
    if (largest > mostBytes || !(keepsBusy || all <= fewBytes) || parts.isEmpty()) {
      return Optional.empty();
    }
    List<PartitionGroup> groups = new ArrayList<>();
    parts.entrySet().stream()
        .sorted(Comparator.comparing(entry -> -bytes.get(entry.getKey())))
        .forEach(
            entry -> {
              PartitionGroup group = new PartitionGroup(Option.empty());
              entry.getValue().forEach(group.partitions()::addOne);
              groups.add(group);
            });
    RDD<ColumnarBatch> joined =
        batches.coalesce(groups.size(), false, Option.apply(new Given(List.copyOf(groups))), null);
    return Optional.of(joined.toJavaRDD());
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
