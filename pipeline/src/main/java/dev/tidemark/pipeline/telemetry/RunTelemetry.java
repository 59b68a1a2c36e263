package dev.tidemark.pipeline.telemetry;

import dev.tidemark.pipeline.observation.FailureCode;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.RunEnd;
import dev.tidemark.pipeline.observation.RunObserver;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Work;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes spans and metrics of runs: a span for the run, within it one for each batch and each month
 * of a rollup, within these one for each append and each attempt at a MERGE. No span holds what
 * events hold.
 */
public final class RunTelemetry implements RunObserver {
  private static final String SCOPE = "dev.tidemark.pipeline";
  private static final AttributeKey<String> COMMAND = AttributeKey.stringKey("tidemark.command");
  private static final AttributeKey<String> RUN = AttributeKey.stringKey("tidemark.job.run_id");
  private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("tidemark.source");
  private static final AttributeKey<String> KIND = AttributeKey.stringKey("tidemark.work");
  private static final AttributeKey<String> TABLE = AttributeKey.stringKey("tidemark.table");
  private static final AttributeKey<String> PART = AttributeKey.stringKey("tidemark.part");
  private static final AttributeKey<String> CHANGE = AttributeKey.stringKey("tidemark.change");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tidemark.outcome");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  /** What becomes of rows, as an attribute. */
  private static final Map<Figure, String> ROWS =
      Map.of(
          Figure.ROWS_READ, "read",
          Figure.ROWS_DUPLICATE, "duplicate",
          Figure.ROWS_INSERTED, "inserted",
          Figure.ROWS_UPDATED, "updated",
          Figure.ROWS_DELETED, "deleted",
          Figure.ROWS_COPIED, "copied");

  private final Tracer tracer;
  private final Instruments instruments;
  private final Context parent;
  private final Map<String, Context> runs = new ConcurrentHashMap<>();

  /**
   * Telemetry of runs.
   *
   * @param parent the span that each of them is part of, if it holds one
   */
  public RunTelemetry(OpenTelemetry api, Context parent) {
    this.tracer = api.getTracer(SCOPE);
    this.instruments = new Instruments(api.getMeter(SCOPE));
    this.parent = parent;
  }

  @Override
  public void runBegins(RunStart start) {
    Context around =
        start.within().map(command -> runs.get(key(start.runId(), command))).orElse(parent);
    Span span =
        tracer
            .spanBuilder("job " + start.command())
            .setParent(around)
            .setStartTimestamp(start.startedAt())
            .setAttribute(COMMAND, start.command())
            .setAttribute(RUN, start.runId())
            .setAttribute(SOURCE, start.source())
            .startSpan();
    runs.put(key(start), around.with(span));
  }

  @Override
  public void workEnds(RunStart run, Work work) {
    span(runs.getOrDefault(key(run), parent), run, work);
  }

  private void span(Context around, RunStart run, Work work) {
    Attributes attributes =
        Attributes.of(COMMAND, run.command(), KIND, work.kind().label(), TABLE, work.table());
    Optional<String> error = work.failure().map(FailureCode::of);
    Span span =
        tracer
            .spanBuilder(work.kind().label() + " " + work.table())
            .setParent(around)
            .setStartTimestamp(work.startedAt())
            .setAllAttributes(attributes)
            .startSpan();
    if (!work.part().isEmpty()) {
      span.setAttribute(PART, work.part());
    }
    work.figures()
        .forEach((figure, number) -> span.setAttribute("tidemark." + figure.label(), number));
    Context context = around.with(span);
    work.parts().forEach(part -> span(context, run, part));
    measure(work, context, attributes, error);
    mark(span, error);
    span.end(work.startedAt().plus(work.took()));
  }

  private void measure(Work work, Context context, Attributes attributes, Optional<String> error) {
    instruments.works.record(seconds(work.took()), outcome(attributes, error), context);
    work.figures()
        .forEach(
            (figure, number) -> {
              if (ROWS.containsKey(figure)) {
                instruments.rows.add(number, with(attributes, ROWS.get(figure)), context);
                return;
              }
              switch (figure) {
                case WINDOWS -> instruments.windows.add(number, attributes, context);
                case BYTES_WRITTEN -> instruments.bytes.add(number, attributes, context);
                case FILES_ADDED ->
                    instruments.files.add(number, with(attributes, "added"), context);
                case FILES_REMOVED ->
                    instruments.files.add(number, with(attributes, "removed"), context);
                case LAG_MS -> instruments.lags.record(number / 1_000.0, attributes, context);
                default -> {
                  // Conflicts are counted for the whole run, as not all belong to a piece of work.
                }
              }
            });
  }

  @Override
  public void runEnds(RunEnd end) {
    Context context = runs.getOrDefault(key(end.start()), parent);
    Span span = Span.fromContext(context);
    Attributes attributes = Attributes.of(COMMAND, end.start().command());
    Optional<String> error = end.failure().map(FailureCode::of);
    Duration took = Duration.between(end.start().startedAt(), end.endedAt());
    AttributesBuilder outcome = attributes.toBuilder().put(OUTCOME, end.outcome());
    error.ifPresent(type -> outcome.put(ERROR, type));
    instruments.runs.record(seconds(took), outcome.build(), context);
    instruments.conflicts.add(end.totals().conflicts(), attributes, context);
    instruments.retries.add(end.totals().retries(), attributes, context);
    error.ifPresent(type -> instruments.failures.add(1, outcome.build(), context));
    end.dataAsOf()
        .ifPresent(
            asOf ->
                instruments.dataAsOf.set(
                    asOf.getEpochSecond(), Attributes.of(SOURCE, end.start().source()), context));
    span.setAttribute(OUTCOME, end.outcome());
    span.setAttribute("tidemark.conflicts", end.totals().conflicts());
    span.setAttribute("tidemark.retries", end.totals().retries());
    mark(span, error);
    span.end(end.endedAt());
  }

  private static void mark(Span span, Optional<String> error) {
    error.ifPresent(type -> span.setStatus(StatusCode.ERROR, type).setAttribute(ERROR, type));
  }

  private static Attributes outcome(Attributes attributes, Optional<String> error) {
    AttributesBuilder builder =
        attributes.toBuilder().put(OUTCOME, error.isPresent() ? "failed" : "done");
    error.ifPresent(type -> builder.put(ERROR, type));
    return builder.build();
  }

  private static Attributes with(Attributes attributes, String change) {
    return attributes.toBuilder().put(CHANGE, change).build();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String key(RunStart start) {
    return key(start.runId(), start.command());
  }

  private static String key(String runId, String command) {
    return runId + " " + command;
  }
}
