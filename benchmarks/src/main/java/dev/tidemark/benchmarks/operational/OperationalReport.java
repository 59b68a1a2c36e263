package dev.tidemark.benchmarks.operational;

import dev.tidemark.benchmarks.load.Latencies;
import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures, size by size. */
record OperationalReport(Machine machine, List<Size> sizes) implements Result {
  private static final double GOAL_P95_MILLIS = 200;

  /**
   * One size.
   *
   * @param loadedSeconds how long loading took; 0 if it was loaded before
   * @param bytes of the database on disk
   */
  record Size(Scale scale, long loadedSeconds, long bytes, List<Line> lines) {
    private Latencies latencies(String operation) {
      return lines.stream()
          .filter(line -> line.operation().name().equals(operation))
          .findFirst()
          .orElseThrow()
          .latencies();
    }

    /** The 99th percentile of inserts for one hot organization, divided by that of spread ones. */
    private double hotToEven() {
      return latencies("usage_insert_hot").millis(0.99)
          / latencies("usage_insert_even").millis(0.99);
    }

    private String text() {
      TextTable table =
          new TextTable(
              "operation", "a second", "p50 ms", "p95 ms", "p99 ms", "goal", "partitions", "");
      lines.forEach(line -> line.addTo(table));
      return "%,d organizations, %,d events, %.1f GiB%s%n%n%s%n%nInserts for one hot organization: %.2f times the p99 of spread ones (goal: at most 2)"
          .formatted(
              scale.organizations(),
              scale.events(),
              bytes / (double) (1L << 30),
              loadedSeconds == 0 ? "" : ", loaded in " + loadedSeconds + " s",
              table,
              hotToEven());
    }

    private Map<String, Object> json() {
      Map<String, Object> operations = new LinkedHashMap<>();
      lines.forEach(line -> operations.put(line.operation().name(), line.json()));
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("organizations", scale.organizations());
      json.put("events", scale.events());
      json.put("database_bytes", bytes);
      json.put("loaded_s", loadedSeconds);
      json.put("operations", operations);
      json.put("ratios", Map.of("insert_p99_hot_to_even", rounded(hotToEven())));
      return json;
    }
  }

  /**
   * One operation at one size.
   *
   * @param partitionsTouched how many partitions its plan looked into
   */
  record Line(Operation operation, Latencies latencies, int partitionsTouched) {
    /** The operation's own goal for p99, that of all for p95, and no partition too many. */
    boolean meetsGoal() {
      boolean slowOnPurpose = operation.goalMillis() > GOAL_P95_MILLIS * 5;
      return latencies.millis(0.99) < operation.goalMillis()
          && (slowOnPurpose || latencies.millis(0.95) < GOAL_P95_MILLIS)
          && partitionsTouched <= operation.partitions();
    }

    private void addTo(TextTable table) {
      table.row(
          operation.name(),
          shown(latencies.rate()),
          shown(latencies.millis(0.50)),
          shown(latencies.millis(0.95)),
          shown(latencies.millis(0.99)),
          "%.0f ms".formatted(operation.goalMillis()),
          partitionsTouched + " of " + operation.partitions(),
          meetsGoal() ? "✓" : "missed");
    }

    private Map<String, Object> json() {
      Map<String, Object> json = latencies.json();
      json.put("goal_p99_ms", operation.goalMillis());
      json.put("partitions_touched", partitionsTouched);
      json.put("meets_goal", meetsGoal());
      return json;
    }
  }

  @Override
  public String text() {
    return machine.text()
        + "\n\n"
        + sizes.stream().map(Size::text).collect(Collectors.joining("\n\n"))
        + (sizes.size() < 2 ? "" : "\n\n" + growth());
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", "operational");
    json.put("machine", machine.json());
    json.put("sizes", sizes.stream().map(Size::json).toList());
    json.put("ratios", sizes.size() < 2 ? Map.of() : growthOfP95());
    return json;
  }

  private String growth() {
    TextTable table = new TextTable("operation", "p95 at the largest size / at the smallest");
    growthOfP95().forEach((name, ratio) -> table.row(name, shown(ratio)));
    return table.toString();
  }

  private Map<String, Double> growthOfP95() {
    Size smallest = sizes.get(0);
    Size largest = sizes.get(sizes.size() - 1);
    Map<String, Double> growth = new LinkedHashMap<>();
    for (Line line : smallest.lines()) {
      String name = line.operation().name();
      growth.put(
          name, rounded(largest.latencies(name).millis(0.95) / line.latencies().millis(0.95)));
    }
    return growth;
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
