package dev.tidemark.pipeline.source;

import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.lineage.DatasetName;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Where usage events come from. */
public interface EventSource {
  /** The source's stable name, such as {@code postgres:7412312} or {@code files:/data/in/*.csv}. */
  String name();

  /** The source as lineage names it. */
  default DatasetName dataset() {
    return new DatasetName("tidemark", name());
  }

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

  /**
   * The clock by which a run judges what is past and what is to come: that of the source where it
   * has one, since those of the machines that run may differ.
   *
   * @param machine that of this machine
   */
  default Clock clock(Clock machine) {
    return machine;
  }

  /**
   * What stands in the way of events in the source, as it was seen when they were last looked for.
   */
  default List<PipelineWarning> warnings() {
    return List.of();
  }

  /**
   * How many rows wait in the source; empty where that cannot be told without reading them.
   *
   * @param progress what the lake knows of this source
   */
  default OptionalLong waiting(SourceProgress progress) {
    return OptionalLong.empty();
  }

  /**
   * What of {@link #landed} happened in a range of time, to be landed once more: the door lets in
   * what the lake lacks. The landing takes no more than an earlier one did, so that nothing which
   * waits is passed over.
   *
   * @param progress what the lake knows of this source
   * @return empty if nothing has been landed yet, or the source is known to hold nothing of the
   *     range
   */
  default Optional<PendingEvents> landed(SourceProgress progress, TimeRange range) {
    return landed(progress).map(events -> new EventsWithin(events, progress, range));
  }

  /** Tells the source, for people and for its retention, what has been landed. Idempotent. */
  void publish(SourceProgress progress);
}
