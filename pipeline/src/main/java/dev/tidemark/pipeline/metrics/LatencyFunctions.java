package dev.tidemark.pipeline.metrics;

import dev.tidemark.pipeline.histogram.Histograms;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * SQL functions over latency histograms.
 *
 * <ul>
 *   <li>{@code latency_quantile(histogram, q)}: milliseconds as DOUBLE, relative error at most 1 %;
 *       null for a null histogram; q from 0 to 1
 *   <li>{@code latency_merge(histogram)}: an aggregate, the sum of histograms; null if all are
 *   <li>{@code latency_count(histogram)}: how many latencies it holds; null for null
 * </ul>
 */
public final class LatencyFunctions {
  private static final UDF1<byte[], Long> COUNT =
      histogram -> histogram == null ? null : Long.valueOf(Histograms.count(histogram));

  private LatencyFunctions() {}

  /** The function {@code latency_count} as a column, in any session. */
  public static Column count(Column histogram) {
    return functions.udf(COUNT, DataTypes.LongType).apply(histogram);
  }

  /** Makes the functions known to a session. */
  public static void register(SparkSession spark) {
    UDF2<byte[], Object, Double> quantile =
        (histogram, q) ->
            histogram == null || q == null
                ? null
                : Double.valueOf(Histograms.quantile(histogram, Double.parseDouble(q.toString())));
    spark.udf().register("latency_quantile", quantile, DataTypes.DoubleType);
    spark.udf().register("latency_count", COUNT, DataTypes.LongType);
    spark.udf().register("latency_merge", functions.udaf(new Merge(), Encoders.BINARY()));
  }

  private static final class Merge extends Aggregator<byte[], byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] zero() {
      return null;
    }

    @Override
    public byte[] reduce(byte[] sum, byte[] histogram) {
      return merge(sum, histogram);
    }

    @Override
    public byte[] merge(byte[] left, byte[] right) {
      if (left == null) {
        return right;
      }
      return right == null ? left : Histograms.merge(left, right);
    }

    @Override
    public byte[] finish(byte[] sum) {
      return sum;
    }

    @Override
    public Encoder<byte[]> bufferEncoder() {
      return Encoders.BINARY();
    }

    @Override
    public Encoder<byte[]> outputEncoder() {
      return Encoders.BINARY();
    }
  }
}
