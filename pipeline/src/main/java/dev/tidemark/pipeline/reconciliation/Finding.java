package dev.tidemark.pipeline.reconciliation;

import java.time.Instant;
import java.util.List;

/**
 * Landed events that stand out, without two figures that disagree.
 *
 * @param count how many there are
 * @param examples the first of them, at most a hundred, by time
 */
public record Finding(long count, List<Event> examples) {
  /** None. */
  public static final Finding NONE = new Finding(0, List.of());

  /** Copies the examples. */
  public Finding {
    examples = List.copyOf(examples);
  }

  /**
   * A landed event.
   *
   * @param eventId as its sender named it
   * @param occurredAt when it happened
   */
  public record Event(String eventId, Instant occurredAt) {}
}
