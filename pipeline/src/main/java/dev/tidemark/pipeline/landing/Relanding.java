package dev.tidemark.pipeline.landing;

import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A source once more, with some of what it has landed: the door lets in what is missing. The
 * landing builds on the last one and takes no more than that did, so that nothing which waits is
 * passed over.
 *
 * @param some the rows to land once more, of all
 */
public record Relanding(EventSource source, UnaryOperator<Dataset<Row>> some)
    implements EventSource {
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
    return source.landed(progress).map(events -> new Some(events, progress));
  }

  @Override
  public void publish(SourceProgress progress) {
    source.publish(progress);
  }

  private final class Some implements PendingEvents {
    private final PendingEvents events;
    private final SourceProgress progress;

    private Some(PendingEvents events, SourceProgress progress) {
      this.events = events;
      this.progress = progress;
    }

    @Override
    public long epoch() {
      return events.epoch();
    }

    @Override
    public Dataset<Row> rows() {
      return some.apply(events.rows());
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
