package dev.tidemark.pipeline.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.RunEnd;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Totals;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Events are read with OpenLineage's own classes, which are made from its specification. */
class RunEventsTest {
  private static final String RUN = "0b6f1a60-6f0e-4c39-9d1b-0a4e5d3b2c1a";
  private static final Instant BEGAN = Instant.parse("2026-11-26T10:00:00.123456Z");
  private static final Datasets DATASETS =
      new Datasets(
          DatasetName.ofTable("jdbc:postgresql://db/gateway", "usage_events"),
          "s3a://bucket/lake",
          Optional.of(DatasetName.ofTable("jdbc:postgresql://db/gateway", "usage_summaries")));
  private static final RunStart ROLLUP =
      new RunStart(RUN, "rollup", "postgres:1", BEGAN, Optional.empty());
  private static final RunStart PUBLISH =
      new RunStart(RUN, "publish", "postgres:1", BEGAN, Optional.of("rollup"));

  /** The newest schemas of the facets that are told, as the specification's classes name them. */
  private static final List<String> FACETS = schemas(new OpenLineage(URI.create("urn:test")));

  private final ObjectMapper json = new ObjectMapper();
  private final ObjectMapper specification =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private final RunEvents events = new RunEvents("billing", DATASETS, "4.2.0");

  @Test
  void aRunBeginsWithWhatItReadsAndWrites() throws Exception {
    RunEvent event = understood(events.start(ROLLUP));

    assertThat(event.getEventType()).isEqualTo(RunEvent.EventType.START);
    assertThat(event.getEventTime().toInstant()).isEqualTo(BEGAN);
    assertThat(event.getRun().getRunId()).hasToString(RUN);
    assertThat(event.getJob().getNamespace()).isEqualTo("billing");
    assertThat(event.getJob().getName()).isEqualTo("tidemark.rollup");
    assertThat(event.getInputs())
        .extracting(i -> i.getNamespace() + " " + i.getName())
        .containsExactly("postgres://db:5432 gateway.public.usage_events");
    assertThat(event.getOutputs())
        .extracting(o -> o.getNamespace() + " " + o.getName())
        .containsExactly(
            "s3://bucket lake/usage_events",
            "s3://bucket lake/quarantined_events",
            "s3://bucket lake/usage_hourly",
            "s3://bucket lake/usage_daily");
    assertThat(event.getRun().getFacets().getProcessing_engine().getVersion()).isEqualTo("4.2.0");
    assertThat(event.getJob().getFacets().getJobType().getProcessingType()).isEqualTo("BATCH");
  }

  @Test
  void aRunEndsWithWhatItWrote() throws Exception {
    Totals totals =
        new Totals(
            Map.of(
                "usage_events",
                Map.of(
                    Figure.ROWS_READ, 12L,
                    Figure.ROWS_INSERTED, 10L,
                    Figure.BYTES_WRITTEN, 4_000L,
                    Figure.FILES_ADDED, 2L),
                "usage_hourly",
                Map.of(
                    Figure.ROWS_INSERTED, 3L,
                    Figure.ROWS_UPDATED, 4L,
                    Figure.ROWS_DELETED, 5L,
                    Figure.ROWS_COPIED, 6L)),
            null,
            0,
            0);

    RunEvent event = understood(events.end(end(ROLLUP, "done", null, totals)));

    assertThat(event.getEventType()).isEqualTo(RunEvent.EventType.COMPLETE);
    assertThat(event.getInputs().get(0).getInputFacets().getInputStatistics().getRowCount())
        .isEqualTo(12);
    assertThat(event.getOutputs())
        .extracting(o -> o.getOutputFacets().getOutputStatistics().getRowCount())
        .containsExactly(10L, 0L, 7L, 0L);
    OpenLineage.OutputStatisticsOutputDatasetFacet landed =
        event.getOutputs().get(0).getOutputFacets().getOutputStatistics();
    assertThat(landed.getSize()).isEqualTo(4_000);
    assertThat(landed.getFileCount()).isEqualTo(2);
  }

  @Test
  void aFailureIsToldByItsCodeOnly() throws Exception {
    RuntimeException failure = PipelineFailures.rowsHidden("secret_table", "secret_user");

    Map<String, Object> told = events.end(end(ROLLUP, "failed", failure, Totals.NONE));

    RunEvent event = understood(told);
    assertThat(event.getEventType()).isEqualTo(RunEvent.EventType.FAIL);
    assertThat(event.getRun().getFacets().getErrorMessage().getMessage()).isEqualTo("TM-PIP-008");
    assertThat(json.writeValueAsString(told)).doesNotContain("secret");
  }

  @Test
  void aRunWithinAnotherIsOneOfItsOwnAndNamesItsParent() throws Exception {
    RunEvent start = understood(events.start(PUBLISH));
    RunEvent end = understood(events.end(end(PUBLISH, "done", null, Totals.NONE)));

    assertThat(start.getRun().getRunId()).isEqualTo(end.getRun().getRunId());
    assertThat(start.getRun().getRunId()).isNotEqualTo(UUID.fromString(RUN));
    assertThat(start.getRun().getFacets().getParent().getRun().getRunId()).hasToString(RUN);
    assertThat(start.getRun().getFacets().getParent().getJob().getName())
        .isEqualTo("tidemark.rollup");
    assertThat(start.getInputs())
        .extracting(OpenLineage.InputDataset::getName)
        .containsExactly("lake/usage_hourly", "lake/usage_daily");
    assertThat(start.getOutputs())
        .extracting(OpenLineage.OutputDataset::getName)
        .containsExactly("gateway.public.usage_summaries");
  }

  @Test
  void everyCommandHasItsDataSets() {
    assertThat(DATASETS.outputs("reconcile").keySet()).containsExactly("reconciliation_results");
    assertThat(DATASETS.inputs("reconcile")).hasSize(4);
    assertThat(DATASETS.outputs("maintain")).isEmpty();
    assertThat(DATASETS.outputs("repair").keySet())
        .isEqualTo(DATASETS.outputs("rollup").keySet())
        .isEqualTo(
            Set.copyOf(
                List.of("usage_events", "quarantined_events", "usage_hourly", "usage_daily")));
  }

  /** Read and written again by the specification's classes it is the same, schema URLs too. */
  private RunEvent understood(Map<String, Object> event) throws Exception {
    String text = json.writeValueAsString(event);
    RunEvent read = specification.readValue(text, RunEvent.class);
    JsonNode ours = json.readTree(text);
    JsonNode theirs = json.readTree(specification.writeValueAsString(read));
    ((ObjectNode) ours).remove("eventTime");
    ((ObjectNode) theirs).remove("eventTime");
    assertThat(theirs).isEqualTo(ours);
    assertThat(ours.get("schemaURL").asText()).isEqualTo(read.getSchemaURL().toString());
    assertThat(ours.findValuesAsText("_schemaURL")).isSubsetOf(FACETS);
    return read;
  }

  private static List<String> schemas(OpenLineage facets) {
    return Stream.of(
            facets.newJobTypeJobFacetBuilder().build().get_schemaURL(),
            facets.newProcessingEngineRunFacetBuilder().build().get_schemaURL(),
            facets.newParentRunFacetBuilder().build().get_schemaURL(),
            facets.newErrorMessageRunFacetBuilder().build().get_schemaURL(),
            facets.newInputStatisticsInputDatasetFacetBuilder().build().get_schemaURL(),
            facets.newOutputStatisticsOutputDatasetFacetBuilder().build().get_schemaURL())
        .map(URI::toString)
        .toList();
  }

  private static RunEnd end(
      RunStart start, String outcome, RuntimeException failure, Totals totals) {
    return new RunEnd(
        start,
        BEGAN.plus(Duration.ofSeconds(5)),
        outcome,
        Optional.ofNullable(failure),
        Optional.empty(),
        totals);
  }
}
