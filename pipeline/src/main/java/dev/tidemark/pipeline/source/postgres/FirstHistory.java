package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.window.TimeRange;
import java.util.Optional;

/**
 * A database of which nothing has been landed yet, up to one snapshot and a piece at a time. Until
 * all pieces are landed the watermark is {@link PostgresSource#NOTHING}: whatever happens, the next
 * landing reads everything, and the door lets in what is missing. The last piece, which is all that
 * lies outside of a range, moves the watermark to the snapshot.
 *
 * @param upTo what belongs to the history
 * @param range the days to land; of the last piece, those that are landed
 * @param last whether this is the last piece
 */
record FirstHistory(
    PostgresSource source, LandingInput.Snapshot upTo, TimeRange range, boolean last)
    implements EventSource {
  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    return last
        ? source.restOfHistory(progress, upTo, range)
        : source.daysOfHistory(progress, upTo, range);
  }

  @Override
  public Optional<PendingEvents> landed(SourceProgress progress) {
    return source.landed(progress);
  }

  @Override
  public void publish(SourceProgress progress) {
    source.publish(progress);
  }
}
