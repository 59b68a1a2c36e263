package dev.tidemark.pipeline.kernel;

/**
 * What tells series apart: 128 bits of a keyed hash of the dimension tuple, compared whole (EX-16).
 * {@link SeriesHasher} makes them.
 *
 * @param high {@code series_id_high}
 * @param low {@code series_id_low}
 */
public record SeriesId(long high, long low) {}
