package dev.tidemark.pipeline.source.files;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.source.RawEvents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Turns a source's rows into events by the user's expressions, and remembers what failed. */
final class ColumnMapping {
  /** What a column is that has no expression; null for those that are not named. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "status", "success",
          "input_tokens", 0L,
          "cached_input_tokens", 0L,
          "output_tokens", 0L,
          "cost_nano_usd", 0L);

  /** What is said of a row that cannot be read; no mapping is tried on it. */
  static final String MALFORMED_RECORD = "malformed-record";

  private static final String MAPPING_FAILED = "mapping-failed:";
  private static final String VALUE = "value";

  private final SparkSession session;
  private final Map<String, Column> expressions;
  private final Map<String, String> texts;

  private ColumnMapping(SparkSession session, FileSourceSettings settings) {
    this.session = session;
    this.texts = settings.columns();
    this.expressions = new LinkedHashMap<>();
    for (StructField column : RawEvents.EVENT.fields()) {
      String text = texts.get(column.name());
      if (text != null) {
        expressions.put(column.name(), parse(column.name(), text));
      }
    }
  }

  /**
   * The rows of all sources as events.
   *
   * @return {@link RawEvents#SCHEMA}; {@code event_id} is null where it has no expression
   */
  static Dataset<Row> of(
      SparkSession session, FileSourceSettings settings, List<SourceRows> sources) {
    ColumnMapping mapping = new ColumnMapping(session, settings);
    Map<String, DataType> all = new LinkedHashMap<>();
    for (SourceRows source : sources) {
      source.columns().forEach(field -> all.putIfAbsent(field.name(), field.dataType()));
    }
    return sources.stream()
        .map(source -> mapping.events(source, all))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  private Column parse(String column, String text) {
    try {
      return ExpressionUtils.column(session.sessionState().sqlParser().parseExpression(text));
    } catch (Exception e) {
      // Scala's checked exceptions are not declared, so that none can be caught by its name.
      throw PipelineFailures.badMapping(column, text, e);
    }
  }

  private Dataset<Row> events(SourceRows source, Map<String, DataType> all) {
    Dataset<Row> rows = withMissing(source, all);
    // Without a readable row there are no columns that the expressions could be held against.
    Map<String, Column> values =
        all.isEmpty() ? Map.of() : values(rows, String.join(", ", all.keySet()));
    // Spark evaluates what two expressions share once, ahead of both and outside of what catches
    // their failures, unless it stands behind a condition that the optimizer cannot decide.
    Column readable = col(SourceRows.MALFORMED).isNull().and(length(col(SourceRows.PATH)).geq(0));
    List<Column> attempts =
        new ArrayList<>(
            List.of(col(SourceRows.PATH), col(SourceRows.RAW), col(SourceRows.MALFORMED)));
    values.forEach(
        (column, value) ->
            attempts.add(attempt(when(readable, struct(value.as(VALUE)))).as(column)));
    return rows.select(attempts.toArray(Column[]::new)).select(events(values.keySet()));
  }

  private static Dataset<Row> withMissing(SourceRows source, Map<String, DataType> all) {
    Map<String, DataType> missing = new LinkedHashMap<>(all);
    source.columns().forEach(field -> missing.remove(field.name()));
    Dataset<Row> rows = source.rows();
    for (Map.Entry<String, DataType> column : missing.entrySet()) {
      rows = rows.withColumn(column.getKey(), lit(null).cast(column.getValue()));
    }
    return rows;
  }

  /** The expressions, each cast to its column's type, in the order of an event's columns. */
  private Map<String, Column> values(Dataset<Row> rows, String available) {
    Map<String, Column> values = new LinkedHashMap<>();
    expressions.forEach(
        (column, expression) -> values.put(column, value(rows, column, expression, available)));
    return values;
  }

  private Column value(Dataset<Row> rows, String column, Column expression, String available) {
    try {
      Dataset<Row> alone =
          rows.select(col(SourceRows.PATH), struct(expression.as(VALUE)).as(VALUE));
      if (!isRowByRow(plan(alone), plan(rows))) {
        throw PipelineFailures.mappingNotRowByRow(column, texts.get(column));
      }
      DataType type = ((StructType) alone.schema().apply(VALUE).dataType()).apply(VALUE).dataType();
      Column value = cast(expression, type, RawEvents.EVENT.apply(column).dataType());
      plan(rows.select(value));
      return value;
    } catch (PipelineException e) {
      throw e;
    } catch (Exception e) {
      // As above: AnalysisException is a checked one that is not declared.
      throw unusable(column, available, e);
    }
  }

  private PipelineException unusable(String column, String available, Exception cause) {
    String condition =
        cause instanceof SparkThrowable spark ? String.valueOf(spark.getCondition()) : "";
    return condition.startsWith("UNRESOLVED_COLUMN")
        ? PipelineFailures.unknownSourceColumn(
            column,
            texts.get(column),
            ((SparkThrowable) cause).getMessageParameters().get("objectName"),
            available,
            cause)
        : PipelineFailures.badMapping(column, texts.get(column), cause);
  }

  private static boolean isRowByRow(LogicalPlan plan, LogicalPlan source) {
    return plan instanceof Project project
        && project.child().fastEquals(source)
        && project.expressions().forall(Expression::deterministic);
  }

  private static LogicalPlan plan(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
  }

  /**
   * As ANSI SQL casts, but for a fraction on its way to a whole number, which SQL would cut off.
   */
  private static Column cast(Column value, DataType from, DataType to) {
    boolean mayTruncate = to instanceof LongType && from instanceof FractionalType;
    return mayTruncate
        ? when(value.mod(1).notEqual(0), raise_error(lit("not a whole number")))
            .otherwise(value.cast(to))
        : value.cast(to);
  }

  /** Null where the evaluation throws. */
  private static Column attempt(Column column) {
    return ExpressionUtils.column(new TryEval(ExpressionUtils.expression(column)));
  }

  private Column[] events(Set<String> attempted) {
    Column failure = when(col(SourceRows.MALFORMED).isNotNull(), lit(MALFORMED_RECORD));
    for (String column : attempted) {
      failure = failure.when(col(column).isNull(), lit(MAPPING_FAILED + column));
    }
    List<Column> columns = new ArrayList<>();
    for (StructField field : RawEvents.EVENT.fields()) {
      String column = field.name();
      Column value =
          attempted.contains(column)
              ? col(column).getField(VALUE)
              : lit(expressions.containsKey(column) ? null : DEFAULTS.get(column))
                  .cast(field.dataType());
      columns.add(value.as(column));
    }
    columns.add(col(SourceRows.PATH).as(RawEvents.SOURCE_NAME));
    columns.add(lit(0L).as(RawEvents.ARRIVAL_ORDER));
    columns.add(col(SourceRows.RAW).as(RawEvents.RAW_RECORD));
    columns.add(failure.as(RawEvents.READ_FAILURE));
    return columns.toArray(Column[]::new);
  }
}
