package dev.tidemark.pipeline.metrics;

import dev.tidemark.pipeline.sql.SqlResource;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * The views {@code usage_hourly_metrics} and {@code usage_daily_metrics}: the rollups with {@code
 * error_rate}, {@code cost_usd} and the latency quantiles {@code latency_p50_ms}, {@code
 * latency_p95_ms}, {@code latency_p99_ms} in milliseconds.
 */
public final class MetricsViews {
  private static final List<SqlResource> VIEWS =
      List.of(
          SqlResource.of(MetricsViews.class, "usage-hourly-metrics.sql"),
          SqlResource.of(MetricsViews.class, "usage-daily-metrics.sql"));

  private MetricsViews() {}

  /**
   * Makes functions and views known to a session in which {@code usage_hourly} and {@code
   * usage_daily} are known by these names.
   */
  public static void register(SparkSession spark) {
    LatencyFunctions.register(spark);
    VIEWS.forEach(view -> spark.sql(view.text()));
  }
}
