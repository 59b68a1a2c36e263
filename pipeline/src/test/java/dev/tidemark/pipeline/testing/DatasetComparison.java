package dev.tidemark.pipeline.testing;

import com.holdenkarau.spark.testing.JavaDatasetSuiteBase;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Compares datasets row by row with spark-testing-base, on the tests' own session. */
public final class DatasetComparison extends JavaDatasetSuiteBase {
  private static final long serialVersionUID = 1L;

  private DatasetComparison() {}

  /** Asserts that both hold the same rows as often as each other, in whatever order. */
  public static void assertSameRows(Dataset<Row> expected, Dataset<Row> actual) {
    new DatasetComparison().assertDatasetEquals(sorted(expected), sorted(actual));
  }

  private static Dataset<Row> sorted(Dataset<Row> rows) {
    Column[] columns =
        Arrays.stream(rows.schema().fieldNames()).map(functions::col).toArray(Column[]::new);
    return rows.coalesce(1).sort(columns);
  }

  @Override
  public SparkSession spark() {
    return TestSpark.session();
  }

  @Override
  public SQLContext sqlContext() {
    return TestSpark.session().sqlContext();
  }
}
