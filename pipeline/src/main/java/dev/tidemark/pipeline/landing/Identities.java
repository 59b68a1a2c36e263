package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.types.DataTypes.LongType;

import dev.tidemark.pipeline.kernel.Dimensions;
import dev.tidemark.pipeline.kernel.EventIdReader;
import dev.tidemark.pipeline.kernel.SeriesHasher;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF7;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The 128-bit identities of events and series, as functions of Spark; both give (high, low). */
final class Identities {
  private static final StructType HALVES =
      new StructType().add("high", LongType, false).add("low", LongType, false);

  private Identities() {}

  /**
   * Identity of an event: a UUID's own bits where its text is a UUID in lower case, else a keyed
   * hash of the text.
   */
  static UserDefinedFunction event(byte[] key) {
    UDF1<String, Row> identity =
        text -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          EventIdReader id = new EventIdReader(key).read(bytes, 0, bytes.length);
          return RowFactory.create(id.high(), id.low());
        };
    return functions.udf(identity, HALVES);
  }

  /** Identity of a series: a keyed hash of its dimensions, null distinct from empty (EX-15). */
  static UserDefinedFunction series(byte[] key) {
    UDF7<String, String, String, String, String, String, String, Row> identity =
        (organization, workspace, user, apiKey, provider, model, operation) -> {
          Dimensions dimensions = new Dimensions();
          dimensions.set(0, organization).set(1, workspace).set(2, user).set(3, apiKey);
          dimensions.set(4, provider).set(5, model).set(6, operation);
          SeriesHasher hash = new SeriesHasher(key).hash(dimensions);
          return RowFactory.create(hash.high(), hash.low());
        };
    return functions.udf(identity, HALVES);
  }
}
