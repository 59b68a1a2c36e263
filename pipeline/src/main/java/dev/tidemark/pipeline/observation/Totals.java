package dev.tidemark.pipeline.observation;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What pieces of work come to together.
 *
 * @param byTable figures by the table that the work was about
 * @param lagMillis the longest lag of a batch; null where none is known
 * @param conflicts attempts at which another writer was faster, at whatever work
 * @param retries attempts beyond the first, at whatever work
 */
public record Totals(
    Map<String, Map<Figure, Long>> byTable, Long lagMillis, long conflicts, long retries) {
  /** Nothing was done. */
  public static final Totals NONE = new Totals(Map.of(), null, 0, 0);

  /** Adds up pieces of work with their parts. Of attempts that failed nothing counts. */
  static Totals of(List<Work> works, long conflicts, long retries) {
    Map<String, Map<Figure, Long>> byTable = new TreeMap<>();
    works.forEach(work -> add(work, byTable));
    Long lag = null;
    for (Work work : works) {
      Long own = work.kind() == Work.Kind.BATCH ? work.figures().get(Figure.LAG_MS) : null;
      lag = lag == null || own != null && own > lag ? own : lag;
    }
    return new Totals(new LinkedHashMap<>(byTable), lag, conflicts, retries);
  }

  private static void add(Work work, Map<String, Map<Figure, Long>> byTable) {
    work.parts().forEach(part -> add(part, byTable));
    if (work.failure().isEmpty()) {
      Map<Figure, Long> sums =
          byTable.computeIfAbsent(work.table(), table -> new EnumMap<>(Figure.class));
      work.figures()
          .forEach(
              (figure, number) -> {
                if (figure != Figure.LAG_MS) {
                  sums.merge(figure, number, Math::addExact);
                }
              });
    }
  }

  /** A figure over all tables. */
  public long sum(Figure figure) {
    return byTable.values().stream().mapToLong(sums -> sums.getOrDefault(figure, 0L)).sum();
  }
}
