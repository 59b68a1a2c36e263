package dev.tidemark.pipeline.source;

import java.util.Optional;

/** Where usage events come from. */
public interface EventSource {
  /** The source's stable name, such as {@code postgres:7412312} or {@code files:/data/in/*.csv}. */
  String name();

  /**
   * What the source holds beyond what has been landed.
   *
   * @param progress what the lake knows of this source
   * @return the pending events, to be closed after landing; empty if there are none
   */
  Optional<PendingEvents> pending(SourceProgress progress);

  /**
   * Everything that has been landed from the source and is still there, for reconciliation.
   *
   * @param progress what the lake knows of this source
   * @return empty if nothing has been landed yet
   */
  Optional<PendingEvents> landed(SourceProgress progress);

  /** Tells the source, for people and for its retention, what has been landed. Idempotent. */
  void publish(SourceProgress progress);
}
