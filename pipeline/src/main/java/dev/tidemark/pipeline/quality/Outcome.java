package dev.tidemark.pipeline.quality;

import java.util.Locale;

/** What came of a rule. */
public enum Outcome {
  /** It was kept to. */
  PASSED,
  /** It was broken. */
  FAILED,
  /** It was broken, and somebody has released the hour from it. */
  RELEASED,
  /** It could not be judged: too little history, or an hour that is not over. */
  UNKNOWN;

  /** The word in results. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
