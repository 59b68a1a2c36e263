package dev.tidemark.pipeline.quality;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.quality.QualityRule.Condition;
import dev.tidemark.pipeline.source.RawEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Conditions as Spark's columns. As with CHECK in SQL, what is false is broken and what is null is
 * not; a condition whose evaluation fails is broken too, and never the failure of a job.
 */
public final class Conditions {
  private static final String HOLDS = "holds";

  /** What a condition on an hour sees. */
  private static final StructType HOUR = hour();

  private Conditions() {}

  private static StructType hour() {
    StructType hour = new StructType().add(HourSums.WINDOW_START, DataTypes.TimestampType);
    for (String measure : HourSums.MEASURES) {
      hour = hour.add(measure, DataTypes.LongType);
    }
    return hour.add(HourSums.ERROR_RATE, DataTypes.DoubleType);
  }

  /** Whether an event, a row with the columns of one, breaks a condition on events. */
  public static Column brokenBy(QualityRule rule) {
    return broken(rule, length(col("event_id")).geq(0));
  }

  /** Aggregates over events, one for each condition on events: how many break it. */
  public static List<Column> counts(List<QualityRule> conditions) {
    List<Column> counts = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      if (QualityRules.isOfEvents(conditions.get(i))) {
        counts.add(count_if(brokenBy(conditions.get(i))).as("broken_" + i));
      }
    }
    return counts;
  }

  /**
   * How often each condition is broken in an hour.
   *
   * @param hours rows of the sums of an hour, and of {@link #counts}
   */
  public static Column broken(List<QualityRule> conditions) {
    List<Column> broken = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      QualityRule rule = conditions.get(i);
      broken.add(
          QualityRules.isOfEvents(rule)
              ? col("broken_" + i)
              : when(broken(rule, col("requests").gt(0)), lit(1L)).otherwise(lit(0L)));
    }
    return functions.array(broken.toArray(Column[]::new));
  }

  /**
   * Whether a row breaks a condition.
   *
   * @param always holds, which the optimizer does not know: what two conditions share is otherwise
   *     evaluated ahead of both, outside of what catches its failure
   */
  private static Column broken(QualityRule rule, Column always) {
    Column attempt =
        ExpressionUtils.column(
            new TryEval(
                ExpressionUtils.expression(
                    when(always, struct(functions.expr(sql(rule)).as(HOLDS))))));
    return attempt.isNull().or(not(coalesce(attempt.getField(HOLDS), lit(true))));
  }

  private static String sql(QualityRule rule) {
    return ((Condition) rule.check()).sql();
  }

  static void requireUsable(SparkSession spark, List<QualityRule> conditions) {
    for (QualityRule rule : conditions) {
      StructType shape = QualityRules.isOfEvents(rule) ? RawEvents.EVENT : HOUR;
      requireUsable(rule, spark.createDataFrame(List.of(), shape));
    }
  }

  private static void requireUsable(QualityRule rule, Dataset<Row> rows) {
    try {
      LogicalPlan plan = plan(rows.select(functions.expr(sql(rule)).as(HOLDS)));
      if (!plan.schema().apply(HOLDS).dataType().equals(DataTypes.BooleanType)) {
        throw PipelineFailures.badCondition(
            rule.name(), rule.place(), sql(rule), "it is neither true nor false", null);
      }
      if (!isRowByRow(plan, plan(rows))) {
        throw PipelineFailures.badCondition(
            rule.name(),
            rule.place(),
            sql(rule),
            "it does not follow from one row alone: no random, aggregate, window or row-generating"
                + " function and no subquery can be used",
            null);
      }
      refuseFailingConstants(plan);
    } catch (PipelineException e) {
      throw e;
    } catch (Exception e) { // Scala's checked exceptions are not declared.
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
      String columns = String.join(", ", Arrays.asList(rows.columns()));
      throw PipelineFailures.badCondition(
          rule.name(), rule.place(), sql(rule), message + " Columns: " + columns, e);
    }
  }

  /**
   * Evaluates what is the same for every row: where it fails, such as 50 * 1000000000, which is too
   * much for an INT, every row would break the rule.
   */
  private static void refuseFailingConstants(LogicalPlan plan) {
    plan.expressions()
        .foreach(
            each -> {
              each.foreach(
                  part -> {
                    if (part.foldable()) {
                      evaluate(part);
                    }
                    return null;
                  });
              return null;
            });
  }

  private static void evaluate(Expression constant) {
    try {
      constant.eval(null);
    } catch (RuntimeException e) {
      // What can only be evaluated once it has been optimized is an internal error to Spark.
      if (e instanceof SparkThrowable known && !known.isInternalError()) {
        throw e;
      }
    }
  }

  private static boolean isRowByRow(LogicalPlan plan, LogicalPlan source) {
    return plan instanceof Project project
        && project.child().fastEquals(source)
        && project.expressions().forall(Expression::deterministic)
        && project.expressions().forall(each -> !SubqueryExpression.hasSubquery(each));
  }

  private static LogicalPlan plan(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
  }
}
