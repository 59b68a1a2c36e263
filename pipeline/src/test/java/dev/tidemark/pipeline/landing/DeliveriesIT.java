package dev.tidemark.pipeline.landing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.TestSpark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveriesIT {
  private static final int ARRIVAL_ORDER = RawEvents.SCHEMA.fieldIndex(RawEvents.ARRIVAL_ORDER);
  private static final int OCCURRED_AT = RawEvents.SCHEMA.fieldIndex("occurred_at");

  /**
   * Of 40 events every third is delivered three times, in any order; two of them share an id.
   *
   * @param few how many repeated events are few; there are 14
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 13, 14, 10_000})
  void theFirstDeliveryOfEachEventIsTakenWhetherFewOrManyAreRepeated(int few) {
    List<Row> expected = new ArrayList<>();
    List<Row> delivered = new ArrayList<>();
    for (Row event : events()) {
      expected.add(with(event, ARRIVAL_ORDER, 5L));
      delivered.add(with(event, ARRIVAL_ORDER, 5L));
      if (expected.size() % 3 == 1) {
        delivered.add(with(event, ARRIVAL_ORDER, 6L));
        delivered.add(with(event, ARRIVAL_ORDER, 7L));
      }
    }
    Collections.shuffle(delivered, new Random(few));
    Dataset<Row> kept = TestSpark.session().createDataFrame(delivered, RawEvents.SCHEMA);

    List<Row> first = Deliveries.firstOfKept(kept, few).collectAsList();

    assertThat(first).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<Row> events() {
    EventGenerator random = new EventGenerator(31, Instant.parse("2026-03-01T00:00:00Z"), 24);
    List<Row> events = random.events(39);
    List<Row> all = new ArrayList<>(events);
    all.add(with(events.get(0), OCCURRED_AT, events.get(1).get(OCCURRED_AT)));
    return all;
  }

  private static Row with(Row row, int column, Object value) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      values.add(i == column ? value : row.get(i));
    }
    return RowFactory.create(values.toArray());
  }
}
