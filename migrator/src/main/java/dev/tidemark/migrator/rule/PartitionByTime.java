package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Partitions are retired by age: they are ranges of one time. */
final class PartitionByTime extends TableRule {
  private static final Pattern RANGE = Pattern.compile("RANGE \\((\\w+)\\)");

  PartitionByTime() {
    super("partition.by-time");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.partitionKey().filter(key -> !isTime(table, key)).stream()
        .map(
            key ->
                finding(
                    table.name(),
                    "The table is partitioned by " + key,
                    "PARTITION BY RANGE over one column of type timestamptz or date"));
  }

  private static boolean isTime(Table table, String key) {
    Matcher range = RANGE.matcher(key);
    return range.matches()
        && table
            .column(range.group(1))
            .map(Column::type)
            .filter(type -> type.matches("timestamp with time zone|date"))
            .isPresent();
  }
}
