package dev.tidemark.benchmarks.backfill;

import dev.tidemark.benchmarks.load.Latencies;
import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures. */
record BackfillReport(Machine machine, BackfillBenchmark.Plan plan, List<Line> lines)
    implements Result {
  private static final double MOST_TIMES_ALONE = 1.2;
  private static final double LEAST_OF_BEST_RATE = 0.7;
  private static final double P95 = 0.95;

  /**
   * One backfill.
   *
   * @param alone what the load met just before it
   * @param beside what it met from the first chunk to the end
   * @param events that were read
   * @param seconds from the first chunk to the end
   */
  record Line(Pace pace, Latencies alone, Latencies beside, long events, double seconds) {
    double slower() {
      return beside.millis(P95) / alone.millis(P95);
    }

    double rate() {
      return events / seconds;
    }
  }

  /** The governed rate as a part of the best fixed one that keeps to the bound. */
  private OptionalDouble ofBestRate() {
    OptionalDouble best =
        lines.stream()
            .filter(line -> line.pace().fixed() && line.slower() <= MOST_TIMES_ALONE)
            .mapToDouble(Line::rate)
            .max();
    OptionalDouble governed =
        lines.stream().filter(line -> line.pace().governed()).mapToDouble(Line::rate).max();
    return best.isPresent() && governed.isPresent()
        ? OptionalDouble.of(governed.getAsDouble() / best.getAsDouble())
        : OptionalDouble.empty();
  }

  @Override
  public String text() {
    TextTable table =
        new TextTable(
            "",
            "p95 alone ms",
            "p95 beside ms",
            "times (at most 1.2)",
            "p99 beside ms",
            "events a second",
            "events",
            "seconds");
    for (Line line : lines) {
      table.row(
          line.pace().name(),
          shown(line.alone().millis(P95)),
          shown(line.beside().millis(P95)),
          shown(line.slower()),
          shown(line.beside().millis(0.99)),
          "%,.0f".formatted(line.rate()),
          "%,d".formatted(line.events()),
          "%.0f".formatted(line.seconds()));
    }
    OptionalDouble part = ofBestRate();
    return "%s%n%d days of %,d events; %d transactions a second%n%n%s%s"
        .formatted(
            machine.text(),
            plan.days(),
            plan.eventsOfDay(),
            plan.transactions(),
            table,
            part.isEmpty()
                ? ""
                : "%n%nGoverned / best fixed rate within the bound: %s (at least %s)"
                    .formatted(shown(part.getAsDouble()), shown(LEAST_OF_BEST_RATE)));
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", "backfill");
    json.put("machine", machine.json());
    Map<String, Object> contestants = new LinkedHashMap<>();
    Map<String, Object> ratios = new LinkedHashMap<>();
    for (Line line : lines) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("alone", line.alone().json());
      figures.put("beside", line.beside().json());
      figures.put("events", line.events());
      figures.put("seconds", rounded(line.seconds()));
      figures.put("events_per_second", rounded(line.rate()));
      contestants.put(line.pace().name(), figures);
      ratios.put("p95_" + line.pace().name(), rounded(line.slower()));
    }
    json.put("contestants", contestants);
    ofBestRate().ifPresent(part -> ratios.put("governed_to_best_fixed_rate", rounded(part)));
    json.put("ratios", ratios);
    return json;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
