package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import dev.tidemark.pipeline.source.RawEvents;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * Of several deliveries of an event among good rows (EX-7, EX-8), the first: the one that arrived
 * first, and among equals the one with the lowest hash of its content.
 */
public final class Deliveries {
  /** Events delivered more than once that a filter may name. */
  private static final int MOST_REPEATED = 10_000;

  private Deliveries() {}

  /** The first delivery of each event. All rows are sorted by event. */
  public static Dataset<Row> first(Dataset<Row> good) {
    Column[] content =
        Arrays.stream(RawEvents.EVENT.fieldNames()).map(functions::col).toArray(Column[]::new);
    Column order =
        row_number()
            .over(
                Window.partitionBy("event_id", "occurred_at")
                    .orderBy(col(RawEvents.ARRIVAL_ORDER), xxhash64(content)));
    return good.withColumn("delivery", order).where("delivery = 1").drop("delivery");
  }

  /**
   * The same of rows that are kept and can be read twice: a look at the identities alone finds the
   * events that were delivered more than once, and where these are few, no other row is sorted.
   */
  static Dataset<Row> firstOfKept(Dataset<Row> good) {
    return firstOfKept(good, MOST_REPEATED);
  }

  /**
   * The same.
   *
   * @param most events delivered more than once that are few
   */
  static Dataset<Row> firstOfKept(Dataset<Row> good, int most) {
    // Events that share a hash by chance are looked at together; it costs their sorting.
    Column identity = xxhash64(col("event_id"), col("occurred_at"));
    List<Row> repeated =
        good.groupBy(identity.as("identity"))
            .agg(count(lit(1)).as("deliveries"))
            .where("deliveries > 1")
            .select("identity")
            .limit(most + 1)
            .collectAsList();
    if (repeated.isEmpty()) {
      return good;
    }
    if (repeated.size() > most) {
      return first(good);
    }
    Column isRepeated = identity.isin(repeated.stream().map(row -> row.get(0)).toArray());
    return good.where(not(isRepeated)).union(first(good.where(isRepeated)));
  }
}
