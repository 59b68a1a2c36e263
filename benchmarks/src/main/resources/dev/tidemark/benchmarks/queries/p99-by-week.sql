-- A year's 99th percentile of latency, week by week. DuckDB does not know the histograms.
SELECT date_trunc('week', usage_date) AS week, latency_quantile(latency_merge(latency_histogram), 0.99) AS p99_ms
FROM usage_daily
GROUP BY date_trunc('week', usage_date)
ORDER BY week
