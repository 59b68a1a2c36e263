package dev.tidemark.pipeline.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A piece of work that has ended.
 *
 * @param kind what it was
 * @param table the table that it was about
 * @param part which part of it, such as a month; empty for all of it
 * @param startedAt by the clock of this machine
 * @param took how long it took
 * @param figures what it came to, the parts left out
 * @param failure why it failed; empty where it did not
 * @param parts work within it, in order
 */
public record Work(
    Kind kind,
    String table,
    String part,
    Instant startedAt,
    Duration took,
    Map<Figure, Long> figures,
    Optional<Throwable> failure,
    List<Work> parts) {
  /** Kinds of work. */
  public enum Kind {
    /** A landing of what waits in the source. */
    BATCH,
    /** An append to a table of the lake, within a batch. */
    APPEND,
    /** A month of a rollup brought up to date. */
    UNIT,
    /** One attempt at the MERGE of a unit. */
    MERGE,
    /** A month of summaries written to Postgres. */
    PUBLICATION,
    /** The maintenance of a table. */
    MAINTENANCE;

    /** Its name in spans and log lines. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies what it is given. */
  public Work {
    figures = Map.copyOf(figures);
    parts = List.copyOf(parts);
  }
}
