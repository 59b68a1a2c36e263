package dev.tidemark.pipeline.backfill;

import dev.tidemark.pipeline.window.TimeRange;
import java.util.Optional;

/**
 * Something that happened in a backfill.
 *
 * @param kind what
 * @param progress how far it is
 * @param days what it is about; empty for the whole
 * @param words the reason, or more about it; empty if there is no more to say
 */
public record BackfillEvent(
    Kind kind, BackfillProgress progress, Optional<TimeRange> days, Optional<String> words) {
  /** What can happen. */
  public enum Kind {
    /** It begins, or goes on where an earlier run stopped. */
    BEGUN,
    /** The governor lets it do some days; slowed down where there are words. */
    CHUNK_BEGUN,
    /** These days are done. */
    CHUNK_DONE,
    /** A signal says stop. */
    HELD,
    /** The control file says so. */
    PAUSED,
    /** It says so no longer. */
    RESUMED,
    /** The control file has changed how many events may be read a second. */
    RATE,
    /** Something else that somebody should know. */
    NOTICE
  }

  /** Hears of it, on the thread that does the work. */
  public interface Listener {
    /** It has happened. */
    void happened(BackfillEvent event);
  }
}
