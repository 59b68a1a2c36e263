package dev.tidemark.pipeline.metrics;

import dev.tidemark.pipeline.histogram.Histograms;
import dev.tidemark.pipeline.histogram.LatencyHistogram;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
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

  /** Adds up in place: to encode the sum anew for each row would cost more than all the rest. */
  private static final class Merge extends Aggregator<byte[], Sum, byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public Sum zero() {
      return new Sum();
    }

    @Override
    public Sum reduce(Sum sum, byte[] histogram) {
      sum.add(histogram);
      return sum;
    }

    @Override
    public Sum merge(Sum left, Sum right) {
      left.add(right.encoded());
      return left;
    }

    @Override
    public byte[] finish(Sum sum) {
      return sum.encoded();
    }

    @Override
    public Encoder<Sum> bufferEncoder() {
      return Encoders.javaSerialization(Sum.class);
    }

    @Override
    public Encoder<byte[]> outputEncoder() {
      return Encoders.BINARY();
    }
  }

  /** A sum of histograms, null while there is none; travels encoded. */
  public static final class Sum implements Externalizable {
    private static final long serialVersionUID = 1L;

    private LatencyHistogram histogram;

    /** No histogram yet; for Java's serialization as well. */
    public Sum() {}

    private void add(byte[] encoded) {
      if (encoded != null) {
        if (histogram == null) {
          histogram = new LatencyHistogram();
        }
        histogram.add(encoded);
      }
    }

    private byte[] encoded() {
      return histogram == null ? null : histogram.encode();
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      byte[] bytes = encoded();
      out.writeInt(bytes == null ? -1 : bytes.length);
      if (bytes != null) {
        out.write(bytes);
      }
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
      int length = in.readInt();
      if (length >= 0) {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        add(bytes);
      }
    }
  }
}
