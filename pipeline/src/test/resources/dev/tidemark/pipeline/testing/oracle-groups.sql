-- Rollup groups straight from every delivery, in DuckDB: deliveries of one event count once.
WITH events AS (
  SELECT *
  FROM deliveries
  QUALIFY row_number() OVER (PARTITION BY event_id, occurred_at_micros ORDER BY landing, arrival_order) = 1
)
SELECT
  ${window} AS window_start_micros,
  organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
  count(*) AS request_count,
  count(*) FILTER (WHERE status <> 'success') AS error_count,
  sum(input_tokens)::BIGINT AS input_tokens,
  sum(cached_input_tokens)::BIGINT AS cached_input_tokens,
  sum(output_tokens)::BIGINT AS output_tokens,
  sum(cost_nano_usd)::BIGINT AS cost_nano_usd,
  sum(latency_ms)::BIGINT AS latency_ms_sum,
  min(latency_ms) AS latency_ms_min,
  max(latency_ms) AS latency_ms_max,
  min(occurred_at_micros) AS first_event_at_micros,
  max(occurred_at_micros) AS last_event_at_micros,
  count(latency_ms) AS latency_count,
  list_sort(list(latency_ms) FILTER (WHERE latency_ms IS NOT NULL)) AS latencies
FROM events
GROUP BY ALL
