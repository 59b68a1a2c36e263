package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A source at which something happens after its events have been judged and before they are landed.
 *
 * @param event what happens
 */
public record Overtaken(EventSource source, Runnable event) implements EventSource {
  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    return source
        .pending(progress)
        .map(
            events ->
                new PendingEvents() {
                  @Override
                  public long epoch() {
                    return events.epoch();
                  }

                  @Override
                  public Dataset<Row> rows() {
                    return events.rows();
                  }

                  @Override
                  public List<LandingInput> claim() {
                    event.run();
                    return events.claim();
                  }

                  @Override
                  public void close() {
                    events.close();
                  }
                });
  }

  @Override
  public Optional<PendingEvents> landed(SourceProgress progress) {
    return source.landed(progress);
  }

  @Override
  public void publish(SourceProgress progress) {
    source.publish(progress);
  }
}
