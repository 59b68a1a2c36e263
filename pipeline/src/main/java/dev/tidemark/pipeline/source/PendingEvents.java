package dev.tidemark.pipeline.source;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Events that wait to be landed; holds the source still (an open snapshot) until closed. */
public interface PendingEvents extends AutoCloseable {
  /** The epoch of the source to which the landing belongs (EX-4). */
  long epoch();

  /** The events, shaped as {@link RawEvents#SCHEMA}; reading them twice gives the same rows. */
  Dataset<Row> rows();

  /**
   * What the landing takes, for the ledger. Called once, after the events were read and before they
   * are landed.
   */
  List<LandingInput> claim();

  /**
   * Whether the landing is to be claimed even if there is no event in it, because its claim says
   * that more is landed than was known.
   */
  default boolean movesOn() {
    return false;
  }

  @Override
  void close();
}
