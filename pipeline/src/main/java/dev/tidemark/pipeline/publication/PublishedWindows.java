package dev.tidemark.pipeline.publication;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import dev.tidemark.pipeline.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The sums of each window in {@code usage_summaries}. */
final class PublishedWindows {
  static final StructType SCHEMA =
      new StructType()
          .add("window_start", TimestampType)
          .add("requests", LongType)
          .add("errors", LongType)
          .add("input_tokens", LongType)
          .add("cached_input_tokens", LongType)
          .add("output_tokens", LongType)
          .add("cost_nano_usd", LongType);

  private PublishedWindows() {}

  /** One row a window that begins in a range. */
  static List<Row> read(Connection connection, Grain grain, Instant from, Instant to)
      throws SQLException {
    String sql = SqlResource.of(PublishedWindows.class, "published-windows.sql").text();
    List<Row> windows = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, grain.label());
      query.setString(2, from.toString());
      query.setString(3, to.toString());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Object[] values = new Object[SCHEMA.length()];
          values[0] = Timestamp.from(rows.getObject(1, OffsetDateTime.class).toInstant());
          for (int column = 1; column < values.length; column++) {
            values[column] = rows.getLong(column + 1);
          }
          windows.add(RowFactory.create(values));
        }
      }
    }
    return windows;
  }
}
