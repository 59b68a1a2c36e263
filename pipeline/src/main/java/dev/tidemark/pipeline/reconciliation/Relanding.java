package dev.tidemark.pipeline.reconciliation;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.pipeline.lake.UtcColumns;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A source once more, with what it has landed in some hours: the door lets in what is missing. The
 * landing builds on the last one and takes no more than that did, so that nothing which waits is
 * passed over.
 */
record Relanding(EventSource source, SortedSet<Instant> hours) implements EventSource {
  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    return landed(progress);
  }

  @Override
  public Optional<PendingEvents> landed(SourceProgress progress) {
    return source.landed(progress).map(events -> new InHours(events, progress));
  }

  @Override
  public void publish(SourceProgress progress) {
    source.publish(progress);
  }

  private final class InHours implements PendingEvents {
    private final PendingEvents events;
    private final SourceProgress progress;

    private InHours(PendingEvents events, SourceProgress progress) {
      this.events = events;
      this.progress = progress;
    }

    @Override
    public long epoch() {
      return events.epoch();
    }

    @Override
    public Dataset<Row> rows() {
      return events.rows().where(UtcColumns.hourStart(col("occurred_at")).isin(hours.toArray()));
    }

    @Override
    public List<LandingInput> claim() {
      return progress
          .lastLanding()
          .map(last -> List.<LandingInput>of(last.input()))
          .orElseGet(events::claim);
    }

    @Override
    public void close() {
      events.close();
    }
  }
}
