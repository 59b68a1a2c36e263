-- Days of ${rows} added up to months, one row a series.
SELECT
  usage_month, organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
  sum(request_count) AS request_count,
  sum(error_count) AS error_count,
  sum(input_tokens) AS input_tokens,
  sum(cached_input_tokens) AS cached_input_tokens,
  sum(output_tokens) AS output_tokens,
  sum(cost_nano_usd) AS cost_nano_usd,
  sum(latency_ms_sum) AS latency_ms_sum,
  min(latency_ms_min) AS latency_ms_min,
  max(latency_ms_max) AS latency_ms_max,
  latency_merge(latency_histogram) AS latency_histogram,
  1L AS revision,
  max(revised_at) AS revised_at
FROM ${rows}
GROUP BY ALL
