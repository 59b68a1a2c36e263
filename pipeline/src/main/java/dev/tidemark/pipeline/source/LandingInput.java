package dev.tidemark.pipeline.source;

/** One thing that a landing takes: a database up to a snapshot, or a file. */
public sealed interface LandingInput {
  /**
   * A Postgres database up to a snapshot.
   *
   * @param snapshot text of the {@code pg_snapshot}
   * @param token token committed in the database after the snapshot was taken (EX-4)
   */
  record Snapshot(String snapshot, String token) implements LandingInput {}

  /** A whole file. */
  record File(InputFile file) implements LandingInput {}
}
