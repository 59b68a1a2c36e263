package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** A source that hands on what a test has put into it, a batch a landing. */
public final class ListSource implements EventSource {
  private final String name;
  private final List<Row> waiting = new ArrayList<>();
  private int batches;

  /** An empty source. */
  public ListSource(String name) {
    this.name = name;
  }

  /** Puts rows of {@link RawEvents#SCHEMA} where the next landing finds them. */
  public ListSource deliver(List<Row> rows) {
    waiting.addAll(rows);
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    List<Row> batch = List.copyOf(waiting);
    return Optional.of(new PendingRows(batch, progress.epoch(), name + "-" + ++batches));
  }

  @Override
  public Optional<PendingEvents> landed(SourceProgress progress) {
    return Optional.empty();
  }

  /** Forgets what has been landed. */
  @Override
  public void publish(SourceProgress progress) {
    waiting.clear();
  }
}
