package dev.tidemark.benchmarks.year;

import static dev.tidemark.benchmarks.contest.Figures.rounded;
import static dev.tidemark.benchmarks.contest.Figures.shown;

import dev.tidemark.benchmarks.machine.Machine;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The figures of a year.
 *
 * @param mostBytes the most disk that was taken
 */
record YearReport(long events, List<Part> parts, long mostBytes) implements Result {
  private static final double GIB = 1L << 30;
  private static final double MICROS = 1e6;

  /**
   * A part.
   *
   * @param events delivered
   * @param generated seconds
   * @param landed seconds
   * @param rolledUp seconds
   */
  record Part(long events, double generated, double landed, double rolledUp) {}

  @Override
  public String text() {
    TextTable table =
        new TextTable("part", "events", "generated s", "landed s", "rolled up s", "µs an event");
    int number = 0;
    for (Part part : parts) {
      table.row(
          ++number,
          part.events(),
          shown(part.generated()),
          shown(part.landed()),
          shown(part.rolledUp()),
          shown(MICROS * (part.landed() + part.rolledUp()) / part.events()));
    }
    table.row(
        "all",
        events,
        shown(sum(Part::generated)),
        shown(sum(Part::landed)),
        shown(sum(Part::rolledUp)),
        shown(microsAnEvent()));
    return "%s%n%n%s%n%nmost disk: %.1f GiB"
        .formatted(Machine.here().text(), table, mostBytes / GIB);
  }

  private double sum(ToDoubleFunction<Part> of) {
    return parts.stream().mapToDouble(of).sum();
  }

  /** Landing and rolling up, both tables. */
  private double microsAnEvent() {
    return MICROS * (sum(Part::landed) + sum(Part::rolledUp)) / events;
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", "year");
    json.put("machine", Machine.here().json());
    Map<String, Object> ours = new LinkedHashMap<>();
    ours.put("wall_s", List.of(rounded(sum(Part::landed) + sum(Part::rolledUp))));
    ours.put("cpu_s", List.of());
    ours.put("peak_mib", 0);
    json.put("contestants", Map.of("tidemark", ours));
    json.put("ratios", Map.of());
    json.put("events", events);
    json.put("generated_s", rounded(sum(Part::generated)));
    json.put("landed_s", rounded(sum(Part::landed)));
    json.put("rolled_up_s", rounded(sum(Part::rolledUp)));
    json.put("us_an_event", rounded(microsAnEvent()));
    json.put("most_disk_gib", rounded(mostBytes / GIB));
    return json;
  }
}
