package dev.tidemark.pipeline.lake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a table is like, apart from its rows.
 *
 * @param comment empty for none
 * @param columns in order
 * @param partitionedBy names of columns
 * @param properties constraints among them
 */
record TableShape(
    String comment,
    LinkedHashMap<String, Column> columns,
    List<String> partitionedBy,
    SortedMap<String, String> properties) {

  /**
   * A column.
   *
   * @param type as SQL writes it, with NOT NULL where it is
   * @param comment empty for none
   */
  record Column(String type, String comment) {}

  /**
   * Where tables differ from others of the same names.
   *
   * @return in the order of their names; empty where nothing differs
   */
  static List<LakeDifference> differences(
      Map<String, TableShape> expected, Map<String, TableShape> actual) {
    List<LakeDifference> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(expected.keySet());
    names.addAll(actual.keySet());
    for (String name : names) {
      TableShape left = expected.get(name);
      TableShape right = actual.get(name);
      if (left == null || right == null) {
        differences.add(
            new LakeDifference(
                name,
                LakeDifference.TABLE,
                Optional.ofNullable(left).map(shape -> "there"),
                Optional.ofNullable(right).map(shape -> "there")));
      } else {
        Differences found = new Differences(name, differences);
        left.compare(right, found);
      }
    }
    return differences;
  }

  private void compare(TableShape other, Differences found) {
    found.note("comment", comment, other.comment);
    TreeSet<String> names = new TreeSet<>(columns.keySet());
    names.addAll(other.columns.keySet());
    boolean sameColumns = true;
    for (String name : names) {
      Column left = columns.get(name);
      Column right = other.columns.get(name);
      found.note(
          LakeDifference.COLUMN + name,
          left == null ? null : left.type(),
          right == null ? null : right.type());
      if (left != null && right != null) {
        found.note("comment of column " + name, left.comment(), right.comment());
      } else {
        sameColumns = false;
      }
    }
    if (sameColumns) {
      found.note(
          "order of columns",
          String.join(", ", columns.keySet()),
          String.join(", ", other.columns.keySet()));
    }
    found.note(
        "partitioning", String.join(", ", partitionedBy), String.join(", ", other.partitionedBy));
    TreeMap<String, String> all = new TreeMap<>(properties);
    all.putAll(other.properties);
    for (String name : all.keySet()) {
      found.note("property " + name, properties.get(name), other.properties.get(name));
    }
  }

  private record Differences(String table, List<LakeDifference> all) {
    void note(String subject, String expected, String actual) {
      if (expected == null ? actual != null : !expected.equals(actual)) {
        all.add(
            new LakeDifference(
                table, subject, Optional.ofNullable(expected), Optional.ofNullable(actual)));
      }
    }
  }
}
