package dev.tidemark.migrator.smoke;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.telemetry.Recorder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a change set that went forward, back and forward again was seen by telemetry. */
record TelemetryCheck(Recorder recorder) {
  private static final AttributeKey<String> VERSION =
      AttributeKey.stringKey("tidemark.change_set.version");

  /** What lacks, in words; empty if nothing does. What was recorded is forgotten. */
  List<String> missing(ChangeSet changeSet) {
    List<SpanData> spans = recorder.takeSpans();
    Set<String> runs =
        spans.stream()
            .filter(span -> changeSet.version().equals(span.getAttributes().get(VERSION)))
            .map(SpanData::getSpanId)
            .collect(Collectors.toSet());
    long statements =
        spans.stream()
            .filter(span -> span.getKind() == SpanKind.CLIENT)
            .filter(span -> runs.contains(span.getParentSpanId()))
            .count();
    int expected =
        2 * (changeSet.apply().statements().size() + changeSet.verify().statements().size())
            + changeSet.rollback().statements().size();

    List<String> missing = new ArrayList<>();
    compare(missing, "spans of its runs", 3, runs.size());
    compare(missing, "spans of its statements", expected, statements);
    // Comments are tagged after a change set, by statements that count too.
    compare(missing, "statements counted", expected, Math.min(expected, counted()));
    return missing;
  }

  private static void compare(List<String> missing, String what, long expected, long found) {
    if (expected != found) {
      missing.add("telemetry: %d %s, expected %d".formatted(found, what, expected));
    }
  }

  private long counted() {
    return recorder.takeMetrics().stream()
        .filter(metric -> metric.getName().equals("tidemark.migrator.statements"))
        .flatMap(metric -> metric.getLongSumData().getPoints().stream())
        .mapToLong(LongPointData::getValue)
        .sum();
  }
}
