package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_micros;

import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.SeriesHasher;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeTable;
import io.delta.kernel.data.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;

/**
 * Whose events were erased, and up to which time: such an event is not landed again, whoever
 * delivers it, and leaves no trace in the quarantine either (EX-21).
 */
public final class Tombstones {
  private static final String TABLE = "erasures";

  private final byte[] key;
  private final HashMap<String, Long> erasedThrough;

  private Tombstones(byte[] key, HashMap<String, Long> erasedThrough) {
    this.key = key;
    this.erasedThrough = erasedThrough;
  }

  /** The tombstones of a lake as they are now. */
  public static Tombstones read(Lake lake) {
    LakeTable table = lake.table(TABLE);
    HashMap<String, Long> erasedThrough = new HashMap<>();
    if (table.exists()) { // not so in a lake of an older program, which is looked at only
      for (Map.Entry<String, Long> each : table.rows(Tombstones::tombstone)) {
        erasedThrough.merge(each.getKey(), each.getValue(), Math::max);
      }
    }
    return new Tombstones(key(lake), erasedThrough);
  }

  /**
   * Adds a tombstone.
   *
   * @param user empty for the whole organization
   * @param request that the erasure answers; empty for none
   */
  public static void add(
      Lake lake,
      String organization,
      Optional<String> user,
      Instant through,
      String runId,
      Optional<String> request) {
    SeriesHasher subject = hash(key(lake), organization, user.orElse(null));
    lake.table(TABLE)
        .appendRows(
            List.of(
                Arrays.asList(
                    subject.high(),
                    subject.low(),
                    through,
                    lake.clock().instant(),
                    runId,
                    request.orElse(null))));
  }

  /** Rows of {@link dev.tidemark.pipeline.source.RawEvents} without those that were erased. */
  Dataset<org.apache.spark.sql.Row> spare(Dataset<org.apache.spark.sql.Row> events) {
    if (erasedThrough.isEmpty()) {
      return events;
    }
    return events.where(
        not(
            udf(isErased(key, erasedThrough), DataTypes.BooleanType)
                .apply(col("organization_id"), col("user_id"), unix_micros(col("occurred_at")))));
  }

  private static UDF3<String, String, Long, Boolean> isErased(
      byte[] key, HashMap<String, Long> erasedThrough) {
    return (organization, user, at) -> {
      if (organization == null) {
        return false;
      }
      long time = at == null ? Long.MIN_VALUE : at;
      Long whole = erasedThrough.get(text(hash(key, organization, null)));
      Long one = user == null ? null : erasedThrough.get(text(hash(key, organization, user)));
      return whole != null && time <= whole || one != null && time <= one;
    };
  }

  /** A hash that only this lake can repeat; a user of no name is not the whole organization. */
  private static SeriesHasher hash(byte[] key, String organization, String user) {
    Dimensions dimensions = new Dimensions();
    dimensions.set(0, organization).set(2, user);
    dimensions.set(6, user == null ? "erased organization" : "erased user");
    return new SeriesHasher(key).hash(dimensions);
  }

  private static String text(SeriesHasher hash) {
    return text(hash.high(), hash.low());
  }

  private static String text(long high, long low) {
    return high + " " + low;
  }

  private static byte[] key(Lake lake) {
    return HexFormat.of().parseHex(lake.usageEvents().property("tidemark.identity-key"));
  }

  private static Map.Entry<String, Long> tombstone(Row row) {
    return Map.entry(
        text(number(row, "subject_high"), number(row, "subject_low")),
        number(row, "erased_through"));
  }

  private static long number(Row row, String column) {
    return row.getLong(row.getSchema().indexOf(column));
  }
}
