SELECT
  time_bucket(INTERVAL 1 HOUR, occurred_at) AS hour_start,
  ${dimensions},
  count(*) AS request_count,
  count_if(status <> 'success') AS error_count,
  sum(input_tokens)::BIGINT AS input_tokens,
  sum(cached_input_tokens)::BIGINT AS cached_input_tokens,
  sum(output_tokens)::BIGINT AS output_tokens,
  sum(cost_nano_usd)::BIGINT AS cost_nano_usd,
  sum(latency_ms)::BIGINT AS latency_ms_sum,
  min(latency_ms) AS latency_ms_min,
  max(latency_ms) AS latency_ms_max,
  approx_quantile(latency_ms, [0.5, 0.95, 0.99]) AS latency_quantiles,
  min(occurred_at) AS first_event_at,
  max(occurred_at) AS last_event_at
FROM ${events}
GROUP BY hour_start, ${keys}
