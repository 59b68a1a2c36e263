package dev.tidemark.migrator.lint;

import java.util.Locale;

/** How much a finding matters. */
public enum Level {
  /** Worth knowing. */
  NOTE,
  /** Likely to be regretted. */
  WARNING,
  /** Does harm; apply refuses it. */
  ERROR;

  /** In small letters, as JSON and SARIF have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
