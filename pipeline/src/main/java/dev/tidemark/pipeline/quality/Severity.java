package dev.tidemark.pipeline.quality;

import java.util.Locale;

/** What becomes of data that breaks a rule. */
public enum Severity {
  /** It is told, and nothing else happens. */
  WARN,
  /** The event goes to {@code quarantined_events} and is not counted. */
  QUARANTINE,
  /** The hour is held: readers do not see it until it is mended or released. */
  STOP;

  /** The word in configuration and results. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
