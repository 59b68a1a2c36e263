package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** A source that keeps what it was given: what is not known as landed is read again. */
public final class KeepingSource implements EventSource {
  private final List<Row> rows = new ArrayList<>();
  private int lastRead;

  /** Adds rows of {@link RawEvents#SCHEMA}. */
  public void deliver(List<Row> more) {
    rows.addAll(more);
  }

  /** How many rows were handed over last. */
  public int lastRead() {
    return lastRead;
  }

  @Override
  public String name() {
    return "keeping";
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    int taken = progress.lastLanding().map(l -> Integer.parseInt(l.input().token())).orElse(0);
    List<Row> batch = List.copyOf(rows.subList(taken, rows.size()));
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    lastRead = batch.size();
    return Optional.of(new PendingRows(batch, progress.epoch(), String.valueOf(rows.size())));
  }

  @Override
  public Optional<PendingEvents> landed(SourceProgress progress) {
    return Optional.empty();
  }

  @Override
  public void publish(SourceProgress progress) {
    // Nobody asks.
  }
}
