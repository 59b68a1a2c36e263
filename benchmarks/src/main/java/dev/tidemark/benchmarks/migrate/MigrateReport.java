package dev.tidemark.benchmarks.migrate;

import static dev.tidemark.benchmarks.contest.Contestant.median;
import static dev.tidemark.benchmarks.contest.Contestant.rounded;

import dev.tidemark.benchmarks.contest.Contestant;
import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures.
 *
 * @param load the machine's load average of one minute, before the benchmark
 * @param stalls longest stall of the writer in each rollback, in milliseconds
 */
record MigrateReport(
    Machine machine,
    double load,
    Contestant migrator,
    Contestant plain,
    Contestant rollback,
    List<Long> stalls,
    Contestant lint)
    implements Result {
  private static final double MOST_TIMES_PLAIN = 1.5;
  private static final long LONGEST_STALL_MILLIS = 1000;
  private static final double LONGEST_LINT_SECONDS = 3;

  @Override
  public String text() {
    TextTable table =
        new TextTable("", "median s", "least s", "most s", "processor s", "peak heap MiB");
    contestants()
        .forEach(
            one ->
                table.row(
                    one.name(),
                    shown(median(one.wallSeconds())),
                    shown(Collections.min(one.wallSeconds())),
                    shown(Collections.max(one.wallSeconds())),
                    shown(median(one.cpuSeconds())),
                    one.peakMebibytes()));
    List<Double> ratios = migrator.ratiosTo(plain);
    double stall = stalls.stream().mapToDouble(Long::doubleValue).max().orElseThrow();
    double slowestLint = Collections.max(lint.wallSeconds());
    TextTable goals =
        new TextTable("", "measured", "goal", "")
            .row(
                "migrator / plain, median of %d pairs (%s to %s)"
                    .formatted(
                        ratios.size(),
                        shown(Collections.min(ratios)),
                        shown(Collections.max(ratios))),
                shown(median(ratios)),
                "at most " + MOST_TIMES_PLAIN,
                verdict(median(ratios) <= MOST_TIMES_PLAIN))
            .row(
                "longest stall of a writer during a rollback",
                "%.0f ms".formatted(stall),
                "under %d ms".formatted(LONGEST_STALL_MILLIS),
                verdict(stall < LONGEST_STALL_MILLIS))
            .row(
                "slowest lint of one change set",
                shown(slowestLint) + " s",
                "under %.0f s".formatted(LONGEST_LINT_SECONDS),
                verdict(slowestLint < LONGEST_LINT_SECONDS));
    return "%s, load average before %.2f%n%n%s%n%n%s".formatted(machine.text(), load, table, goals);
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", "migrate");
    json.put("machine", machine.json());
    json.put("load_average", rounded(load));
    Map<String, Object> figures = new LinkedHashMap<>();
    contestants().forEach(one -> figures.put(one.name(), one.json()));
    json.put("contestants", figures);
    json.put("longest_stall_ms", stalls);
    List<Double> pairs = migrator.ratiosTo(plain);
    Map<String, Object> ratios = new LinkedHashMap<>();
    ratios.put("migrator_to_plain", rounded(median(pairs)));
    ratios.put("migrator_to_plain_pairs", pairs.stream().map(Contestant::rounded).toList());
    json.put("ratios", ratios);
    return json;
  }

  private List<Contestant> contestants() {
    return List.of(migrator, plain, rollback, lint);
  }

  private static String verdict(boolean met) {
    return met ? "✓" : "missed";
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
