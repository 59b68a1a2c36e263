package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.RawEvents;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of {@link RawEvents#SCHEMA} that wait.
 *
 * @param token by which the landing is known
 */
public record PendingRows(List<Row> batch, long epoch, String token) implements PendingEvents {
  @Override
  public Dataset<Row> rows() {
    return TestSpark.session().createDataFrame(batch, RawEvents.SCHEMA);
  }

  @Override
  public List<LandingInput> claim() {
    return List.of(new LandingInput.Snapshot("1:1:", token));
  }

  @Override
  public void close() {}
}
