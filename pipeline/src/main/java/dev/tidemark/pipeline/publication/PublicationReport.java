package dev.tidemark.pipeline.publication;

/**
 * What a publication changed.
 *
 * @param written rows of {@code usage_summaries} that were inserted or updated
 * @param deleted rows whose group is gone from the lake
 * @param leftOut rows of the rollups that Postgres cannot take: an organization that is no UUID, no
 *     provider or model, a text with a NUL
 */
public record PublicationReport(long written, long deleted, long leftOut) {
  /** Nothing was to be done. */
  public static final PublicationReport NONE = new PublicationReport(0, 0, 0);

  PublicationReport plus(PublicationReport other) {
    return new PublicationReport(
        written + other.written, deleted + other.deleted, leftOut + other.leftOut);
  }
}
