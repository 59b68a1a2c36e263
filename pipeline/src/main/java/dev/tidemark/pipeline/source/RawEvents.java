package dev.tidemark.pipeline.source;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * The shape in which a source hands its rows to the landing: nothing judged yet, everything
 * nullable. Times are UTC instants with microseconds.
 */
public final class RawEvents {
  /** What the source calls the place of the row: a file's path, or a table's name. */
  public static final String SOURCE_NAME = "source_name";

  /** Order of arrival; among re-deliveries in one batch the lowest wins. Zero where unknown. */
  public static final String ARRIVAL_ORDER = "arrival_order";

  /** The row as the source had it, as JSON or text; null where the other columns are the row. */
  public static final String RAW_RECORD = "raw_record";

  /**
   * Why the row could not be read: {@code malformed-record}, or {@code mapping-failed:<column>};
   * null where it could.
   */
  public static final String READ_FAILURE = "read_failure";

  /** The columns of an event, in order. */
  public static final StructType EVENT =
      new StructType()
          .add("event_id", StringType)
          .add("occurred_at", TimestampType)
          .add("received_at", TimestampType)
          .add("organization_id", StringType)
          .add("workspace_id", StringType)
          .add("user_id", StringType)
          .add("api_key_id", StringType)
          .add("provider", StringType)
          .add("model", StringType)
          .add("operation", StringType)
          .add("status", StringType)
          .add("input_tokens", LongType)
          .add("cached_input_tokens", LongType)
          .add("output_tokens", LongType)
          .add("latency_ms", LongType)
          .add("time_to_first_token_ms", LongType)
          .add("cost_nano_usd", LongType);

  /** An event's columns followed by what only the landing needs. */
  public static final StructType SCHEMA =
      EVENT
          .add(SOURCE_NAME, StringType)
          .add(ARRIVAL_ORDER, LongType)
          .add(RAW_RECORD, StringType)
          .add(READ_FAILURE, StringType);

  /** The dimensions of a series: an hour's or day's group is one value of each. */
  public static final List<String> DIMENSIONS =
      List.of(
          "organization_id",
          "workspace_id",
          "user_id",
          "api_key_id",
          "provider",
          "model",
          "operation");

  private RawEvents() {}
}
