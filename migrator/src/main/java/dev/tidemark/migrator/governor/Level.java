package dev.tidemark.migrator.governor;

/** What a signal asks for. */
public enum Level {
  /** Nothing can be told, so nothing is asked for. */
  UNKNOWN,
  /** All is well. */
  CALM,
  /** Go slower. */
  THROTTLE,
  /** Do not go on before it is better. */
  STOP
}
