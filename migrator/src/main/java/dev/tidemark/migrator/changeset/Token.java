package dev.tidemark.migrator.changeset;

/**
 * A piece of a script.
 *
 * @param kind what it is
 * @param start index of its first character
 * @param end index after its last character
 */
record Token(Kind kind, int start, int end) {
  enum Kind {
    /** White space and comments. */
    SPACE,
    /** Letters, digits, underscores and dollar signs: key words, names, numbers. */
    WORD,
    /** Quoted text or a quoted name, with its quotes and prefix. */
    QUOTED,
    /** One character that is none of these. */
    SYMBOL
  }
}
