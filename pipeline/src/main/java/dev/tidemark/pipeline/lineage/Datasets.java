package dev.tidemark.pipeline.lineage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the jobs of a pipeline read and write.
 *
 * @param source where events come from
 * @param lake path or URI of the lake
 * @param summaries where rollups are published to; empty for nowhere
 */
public record Datasets(DatasetName source, String lake, Optional<DatasetName> summaries) {
  private static final List<String> ROLLUPS = List.of("usage_hourly", "usage_daily");

  /** What a job reads. */
  List<DatasetName> inputs(String command) {
    return switch (command) {
      case "publish" -> List.copyOf(tables(ROLLUPS).values());
      case "reconcile" -> {
        Map<String, DatasetName> tables = tables(List.of("usage_events"));
        tables.putAll(tables(ROLLUPS));
        yield Stream.concat(Stream.of(source), tables.values().stream()).toList();
      }
      case "maintain" -> List.of();
      default -> List.of(source);
    };
  }

  /** What a job writes, by the plain names of tables. Maintenance changes no row. */
  Map<String, DatasetName> outputs(String command) {
    return switch (command) {
      case "publish" -> {
        Map<String, DatasetName> published = new LinkedHashMap<>();
        summaries.ifPresent(table -> published.put("usage_summaries", table));
        yield published;
      }
      case "reconcile" -> tables(List.of("reconciliation_results"));
      case "maintain" -> Map.of();
      default -> {
        Map<String, DatasetName> tables = tables(List.of("usage_events", "quarantined_events"));
        tables.putAll(tables(ROLLUPS));
        yield tables;
      }
    };
  }

  private Map<String, DatasetName> tables(List<String> names) {
    Map<String, DatasetName> tables = new LinkedHashMap<>();
    names.forEach(name -> tables.put(name, DatasetName.ofPath(lake + "/" + name)));
    return tables;
  }
}
