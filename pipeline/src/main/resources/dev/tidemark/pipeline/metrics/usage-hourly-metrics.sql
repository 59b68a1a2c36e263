CREATE OR REPLACE TEMPORARY VIEW usage_hourly_metrics AS
SELECT
  *,
  error_count / request_count AS error_rate,
  CAST(cost_nano_usd AS DECIMAL(19, 0)) / 1000000000BD AS cost_usd,
  latency_quantile(latency_histogram, 0.50) AS latency_p50_ms,
  latency_quantile(latency_histogram, 0.95) AS latency_p95_ms,
  latency_quantile(latency_histogram, 0.99) AS latency_p99_ms
FROM usage_hourly
