SELECT
  usage_date,
  organization_id,
  sum(request_count) AS requests,
  sum(input_tokens + output_tokens) AS tokens,
  CAST(sum(cost_nano_usd) AS DECIMAL(38, 0)) / 1000000000BD AS cost_usd,
  latency_quantile(latency_merge(latency_histogram), 0.95) AS latency_p95_ms
FROM usage_daily
WHERE usage_date > (SELECT max(usage_date) FROM usage_daily) - INTERVAL '4' DAY
GROUP BY usage_date, organization_id
ORDER BY usage_date, requests DESC
