package dev.tidemark.pipeline.source.files;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;

import dev.tidemark.pipeline.source.RawEvents;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The identity of a row that brings no id of its own (EX-10).
 *
 * <p>It is a UUID of version 8 made of the SHA-256 of {@code <file checksum>:<row
 * digest>:<ordinal>}. The row digest is the SHA-256 of {@code record:} or, where the row cannot be
 * read, {@code malformed:} and the row's text; the ordinal counts the file's rows with that digest
 * from 1. Which of some identical rows is which does not matter.
 */
final class EventIds {
  private static final String CHECKSUM_PATH = "checksum_path";
  private static final String CHECKSUM = "checksum";

  /** A file's path and the checksum of its content. */
  static final StructType CHECKSUMS =
      new StructType()
          .add(CHECKSUM_PATH, DataTypes.StringType, false)
          .add(CHECKSUM, DataTypes.StringType, false);

  private static final int SHA_256 = 256;
  private static final String DIGEST = "row_digest";
  private static final String ORDINAL = "ordinal";

  private EventIds() {}

  /**
   * Leaves the columns of {@link RawEvents#SCHEMA}.
   *
   * @param checksums rows of {@link #CHECKSUMS} to derive the ids from; empty where the source
   *     brings its own
   */
  static Dataset<Row> complete(Dataset<Row> rows, Optional<Dataset<Row>> checksums) {
    Dataset<Row> events = checksums.map(known -> derived(rows, known)).orElse(rows);
    return events.select(
        Arrays.stream(RawEvents.SCHEMA.fieldNames())
            .map(name -> nullable(col(name)).as(name))
            .toArray(Column[]::new));
  }

  private static Dataset<Row> derived(Dataset<Row> rows, Dataset<Row> checksums) {
    Column kind =
        when(col(RawEvents.READ_FAILURE).equalTo(ColumnMapping.MALFORMED_RECORD), "malformed:")
            .otherwise("record:");
    Column checksum =
        coalesce(
            col(CHECKSUM),
            raise_error(concat(lit("no checksum is known of "), col(RawEvents.SOURCE_NAME))));
    return rows.join(
            broadcast(checksums),
            col(RawEvents.SOURCE_NAME).equalTo(col(CHECKSUM_PATH)),
            "left_outer")
        .withColumn(CHECKSUM, checksum)
        .withColumn(DIGEST, sha2(concat(kind, col(RawEvents.RAW_RECORD)), SHA_256))
        .withColumn(
            ORDINAL, row_number().over(Window.partitionBy(CHECKSUM, DIGEST).orderBy(DIGEST)))
        .withColumn(
            "event_id",
            uuid(sha2(concat_ws(":", col(CHECKSUM), col(DIGEST), col(ORDINAL)), SHA_256)));
  }

  private static Column uuid(Column digest) {
    return regexp_replace(digest, "^(.{8})(.{4})(.{3})(.{3})(.{12}).*$", "$1-$2-8$3-a$4-$5");
  }

  /** Says of a column that is never null that it might be, as all columns of a source may. */
  private static Column nullable(Column column) {
    return ExpressionUtils.column(new KnownNullable(ExpressionUtils.expression(column)));
  }
}
