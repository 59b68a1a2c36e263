package dev.tidemark.pipeline.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Those of some landed events that happened in a range of time, to be landed once more. */
record EventsWithin(PendingEvents events, SourceProgress progress, TimeRange range)
    implements PendingEvents {
  @Override
  public long epoch() {
    return events.epoch();
  }

  @Override
  public Dataset<Row> rows() {
    return events
        .rows()
        .where(col("occurred_at").geq(lit(Micros.toInstant(range.from()))))
        .where(col("occurred_at").lt(lit(Micros.toInstant(range.to()))));
  }

  /** Something that has been taken before: a claim has to name one thing at least. */
  @Override
  public List<LandingInput> claim() {
    return progress
        .lastLanding()
        .map(last -> List.<LandingInput>of(last.input()))
        .orElseGet(() -> events.claim().subList(0, 1));
  }

  @Override
  public void close() {
    events.close();
  }
}
