package dev.tidemark.pipeline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.telemetry.Recorder;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Watch;
import dev.tidemark.pipeline.observation.Work;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RunTelemetryTest {
  private static final RunStart RUN =
      new RunStart("run", "rollup", "list", Instant.now(), Optional.empty());
  private static final RunStart PUBLISH =
      new RunStart("run", "publish", "list", Instant.now(), Optional.of("rollup"));

  @Test
  void spansNestAndMetricsCount() {
    try (Recorder recorder = new Recorder()) {
      RunTelemetry telemetry = new RunTelemetry(recorder.api(), Context.root());
      Watch watch = Watch.by(telemetry).begin(RUN);
      watch.during(
          Work.Kind.UNIT,
          "usage_hourly",
          "2026-03",
          unit -> {
            unit.add(Figure.WINDOWS, 4).add(Figure.LAG_MS, 90_000);
            unit.lost("usage_hourly 2026-03", true);
            return unit.during(
                Work.Kind.MERGE,
                "usage_hourly",
                "2026-03",
                merge ->
                    merge
                        .add(Figure.ROWS_INSERTED, 5)
                        .add(Figure.ROWS_DELETED, 2)
                        .add(Figure.BYTES_WRITTEN, 1_234)
                        .add(Figure.FILES_ADDED, 3)
                        .add(Figure.FILES_REMOVED, 1));
          });
      RuntimeException refused = PipelineFailures.rowsHidden("a", "b");
      assertThatThrownBy(
              () ->
                  watch.during(
                      Work.Kind.UNIT,
                      "usage_daily",
                      "2026-03",
                      unit -> {
                        throw refused;
                      }))
          .isSameAs(refused);
      watch.end(Instant.now(), "failed", Optional.of(refused), Optional.empty());
      Watch publish = Watch.by(telemetry).begin(PUBLISH);
      Instant asOf = Instant.parse("2026-11-26T10:00:00Z");
      publish.end(Instant.now(), "done", Optional.empty(), Optional.of(asOf));

      Map<String, SpanData> spans =
          recorder.takeSpans().stream()
              .collect(Collectors.toMap(SpanData::getName, Function.identity()));
      SpanData run = spans.get("job rollup");
      SpanData unit = spans.get("unit usage_hourly");
      assertThat(unit.getParentSpanId()).isEqualTo(run.getSpanId());
      assertThat(spans.get("merge usage_hourly").getParentSpanId()).isEqualTo(unit.getSpanId());
      assertThat(spans.get("job publish").getParentSpanId()).isEqualTo(run.getSpanId());
      assertThat(unit.getAttributes().get(AttributeKey.longKey("tidemark.conflicts"))).isEqualTo(1);
      assertThat(unit.getAttributes().get(AttributeKey.stringKey("tidemark.part")))
          .isEqualTo("2026-03");
      assertThat(List.of(run, spans.get("unit usage_daily")))
          .allSatisfy(
              span -> {
                assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
                assertThat(span.getStatus().getDescription()).isEqualTo("TM-PIP-008");
              });

      Collection<MetricData> metrics = recorder.takeMetrics();
      assertThat(sum(metrics, "tidemark.pipeline.rows")).isEqualTo(7);
      assertThat(sum(metrics, "tidemark.pipeline.windows")).isEqualTo(4);
      assertThat(sum(metrics, "tidemark.pipeline.written")).isEqualTo(1_234);
      assertThat(sum(metrics, "tidemark.pipeline.files")).isEqualTo(4);
      assertThat(sum(metrics, "tidemark.pipeline.conflicts")).isEqualTo(1);
      assertThat(sum(metrics, "tidemark.pipeline.retries")).isEqualTo(1);
      assertThat(sum(metrics, "tidemark.pipeline.failures")).isEqualTo(1);
      assertThat(named(metrics, "tidemark.pipeline.lag").getHistogramData().getPoints())
          .singleElement()
          .satisfies(point -> assertThat(point.getSum()).isEqualTo(90));
      assertThat(named(metrics, "tidemark.pipeline.data_as_of").getLongGaugeData().getPoints())
          .singleElement()
          .satisfies(point -> assertThat(point.getValue()).isEqualTo(asOf.getEpochSecond()));
      assertThat(named(metrics, "tidemark.pipeline.work.duration").getHistogramData().getPoints())
          .hasSize(3);
    }
  }

  private static MetricData named(Collection<MetricData> metrics, String name) {
    return metrics.stream().filter(m -> m.getName().equals(name)).findFirst().orElseThrow();
  }

  private static long sum(Collection<MetricData> metrics, String name) {
    return named(metrics, name).getLongSumData().getPoints().stream()
        .mapToLong(point -> point.getValue())
        .sum();
  }
}
