package dev.tidemark.pipeline.source;

import dev.tidemark.pipeline.window.TimeRange;
import java.util.Optional;

/**
 * A source once more, with what it has landed of a range of time.
 *
 * @param range which events are wanted, by the time at which they happened
 */
public record Replay(EventSource source, TimeRange range) implements EventSource {
  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    return source.landed(progress, range);
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
