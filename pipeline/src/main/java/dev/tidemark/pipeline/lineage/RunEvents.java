package dev.tidemark.pipeline.lineage;

import dev.tidemark.pipeline.observation.FailureCode;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.RunEnd;
import dev.tidemark.pipeline.observation.RunStart;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Run events as OpenLineage's specification has them: one START and one COMPLETE or FAIL a run.
 *
 * @see <a href="https://openlineage.io/spec/2-0-2/OpenLineage.json">the schema</a>
 */
final class RunEvents {
  private static final String PRODUCER = "urn:tidemark:pipeline";
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final String EVENT = SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent";

  private final String namespace;
  private final Datasets datasets;
  private final String sparkVersion;

  RunEvents(String namespace, Datasets datasets, String sparkVersion) {
    this.namespace = namespace;
    this.datasets = datasets;
    this.sparkVersion = sparkVersion;
  }

  /** The event of a run that has begun. */
  Map<String, Object> start(RunStart start) {
    List<Object> outputs = new ArrayList<>();
    datasets.outputs(start.command()).values().forEach(name -> outputs.add(dataset(name)));
    return event("START", start.startedAt(), start, Map.of(), inputs(start, null), outputs);
  }

  /** The event of a run that has ended. A mismatch is a result, and no failure. */
  Map<String, Object> end(RunEnd end) {
    Map<String, Object> facets = new LinkedHashMap<>();
    end.failure()
        .ifPresent(
            failure -> {
              Map<String, Object> error = facet("1-0-1", "ErrorMessageRunFacet");
              // The code only: messages may hold values.
              error.put("message", FailureCode.of(failure));
              error.put("programmingLanguage", "JAVA");
              facets.put("errorMessage", error);
            });
    boolean failed = end.failure().isPresent();
    List<Object> outputs = new ArrayList<>();
    datasets
        .outputs(end.start().command())
        .forEach(
            (table, name) -> {
              Map<String, Object> output = dataset(name);
              Map<Figure, Long> written = end.totals().byTable().get(table);
              if (written != null || !failed) {
                output.put(
                    "outputFacets",
                    Map.of("outputStatistics", statistics(written == null ? Map.of() : written)));
              }
              outputs.add(output);
            });
    Long read = failed ? null : end.totals().sum(Figure.ROWS_READ);
    return event(
        failed ? "FAIL" : "COMPLETE",
        end.endedAt(),
        end.start(),
        facets,
        inputs(end.start(), read),
        outputs);
  }

  private static Map<String, Object> statistics(Map<Figure, Long> written) {
    Map<String, Object> statistics = facet("1-0-2", "OutputStatisticsOutputDatasetFacet");
    statistics.put(
        "rowCount",
        written.getOrDefault(Figure.ROWS_INSERTED, 0L)
            + written.getOrDefault(Figure.ROWS_UPDATED, 0L));
    if (written.containsKey(Figure.BYTES_WRITTEN)) {
      statistics.put("size", written.get(Figure.BYTES_WRITTEN));
    }
    if (written.containsKey(Figure.FILES_ADDED)) {
      statistics.put("fileCount", written.get(Figure.FILES_ADDED));
    }
    return statistics;
  }

  /** Rows read are known of the source that a landing takes. */
  private List<Object> inputs(RunStart start, Long read) {
    List<Object> inputs = new ArrayList<>();
    for (DatasetName name : datasets.inputs(start.command())) {
      Map<String, Object> input = dataset(name);
      if (read != null
          && name.equals(datasets.source())
          && datasets.outputs(start.command()).containsKey("usage_events")) {
        Map<String, Object> statistics = facet("1-0-0", "InputStatisticsInputDatasetFacet");
        statistics.put("rowCount", read);
        input.put("inputFacets", Map.of("inputStatistics", statistics));
      }
      inputs.add(input);
    }
    return inputs;
  }

  private Map<String, Object> event(
      String type,
      Instant at,
      RunStart start,
      Map<String, Object> moreFacets,
      List<Object> inputs,
      List<Object> outputs) {
    Map<String, Object> facets = new LinkedHashMap<>();
    start
        .within()
        .ifPresent(
            command -> {
              Map<String, Object> parent = facet("1-2-0", "ParentRunFacet");
              parent.put("run", Map.of("runId", uuid(start.runId(), Optional.empty())));
              parent.put("job", job(command));
              facets.put("parent", parent);
            });
    Map<String, Object> engine = facet("1-1-1", "ProcessingEngineRunFacet");
    engine.put("name", "spark");
    engine.put("version", sparkVersion);
    facets.put("processing_engine", engine);
    facets.putAll(moreFacets);

    Map<String, Object> run = new LinkedHashMap<>();
    run.put("runId", uuid(start.runId(), start.within().map(command -> start.command())));
    run.put("facets", facets);

    Map<String, Object> jobType = facet("2-0-4", "JobTypeJobFacet");
    jobType.put("processingType", "BATCH");
    jobType.put("integration", "TIDEMARK");
    jobType.put("jobType", "JOB");
    Map<String, Object> job = job(start.command());
    job.put("facets", Map.of("jobType", jobType));

    Map<String, Object> event = new LinkedHashMap<>();
    event.put("eventType", type);
    event.put("eventTime", at.toString());
    event.put("run", run);
    event.put("job", job);
    event.put("inputs", inputs);
    event.put("outputs", outputs);
    event.put("producer", PRODUCER);
    event.put("schemaURL", EVENT);
    return event;
  }

  private Map<String, Object> job(String command) {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("namespace", namespace);
    job.put("name", "tidemark." + command);
    return job;
  }

  private static Map<String, Object> dataset(DatasetName name) {
    Map<String, Object> dataset = new LinkedHashMap<>();
    dataset.put("namespace", name.namespace());
    dataset.put("name", name.name());
    return dataset;
  }

  private static Map<String, Object> facet(String version, String name) {
    Map<String, Object> facet = new LinkedHashMap<>();
    facet.put("_producer", PRODUCER);
    facet.put("_schemaURL", SPEC + "facets/" + version + "/" + name + ".json#/$defs/" + name);
    return facet;
  }

  /** A run within another has its identity, and a name of its own. */
  private static String uuid(String runId, Optional<String> part) {
    if (part.isEmpty() && runId.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      return runId;
    }
    String name = runId + part.map(command -> " " + command).orElse("");
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
