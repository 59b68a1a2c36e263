package dev.tidemark.jobs.sql;

/** How rows are written. */
enum Format {
  /** For people: columns side by side, as many rows as fit a screen or two. */
  TABLE,
  /** RFC 4180 with a header line; null is an empty field, an empty text is quoted. */
  CSV,
  /** One array of objects on one line. */
  JSON
}
