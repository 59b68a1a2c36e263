package dev.tidemark.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.histogram.Histograms;
import dev.tidemark.pipeline.histogram.LatencyHistogram;
import dev.tidemark.pipeline.testing.TestSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * The functions as SQL calls them, over several partitions and more groups than a hash map takes.
 */
class LatencyFunctionsIT {
  private static final int ROWS = 3_000;
  private static final int GROUPS = 300;

  private final SparkSession spark = TestSpark.session().newSession();

  @Test
  void mergedHistogramsAreTheSumWhateverTheirOrder() {
    List<Row> rows = new ArrayList<>();
    byte[][] expected = new byte[GROUPS][];
    for (int number = 0; number < ROWS; number++) {
      LatencyHistogram histogram = new LatencyHistogram();
      histogram.add(number);
      histogram.add(7L * number);
      byte[] bytes = number % 11 == 0 ? null : histogram.encode();
      int group = number % GROUPS;
      if (bytes != null) {
        expected[group] =
            expected[group] == null ? bytes : Histograms.merge(expected[group], bytes);
      }
      rows.add(RowFactory.create(group, bytes));
    }
    // A group without a histogram.
    rows.add(RowFactory.create(GROUPS, null));
    LatencyFunctions.register(spark);
    spark
        .createDataFrame(
            rows,
            new StructType()
                .add("group", DataTypes.IntegerType)
                .add("histogram", DataTypes.BinaryType))
        .repartition(5)
        .createOrReplaceTempView("histograms");

    List<Row> merged =
        spark
            .sql(
                "SELECT group, latency_merge(histogram), latency_count(latency_merge(histogram)),"
                    + " latency_quantile(latency_merge(histogram), 0.5) FROM histograms"
                    + " GROUP BY group ORDER BY group")
            .collectAsList();

    assertThat(merged).hasSize(GROUPS + 1);
    for (Row row : merged.subList(0, GROUPS)) {
      byte[] sum = expected[row.getInt(0)];
      assertThat(row.<byte[]>getAs(1)).as("group %d", row.getInt(0)).isEqualTo(sum);
      assertThat(row.getLong(2)).isEqualTo(Histograms.count(sum));
      assertThat(row.getDouble(3)).isEqualTo(Histograms.quantile(sum, 0.5));
    }
    assertThat(merged.get(GROUPS).isNullAt(1)).isTrue();
    assertThat(merged.get(GROUPS).isNullAt(3)).isTrue();
    assertThat(spark.sql("SELECT latency_merge(histogram) FROM histograms WHERE false").first())
        .isEqualTo(RowFactory.create((Object) null));
  }
}
