INSERT INTO usage_summaries (
  grain, window_start, organization_id, user_id, api_key_id, provider, model, operation,
  request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd,
  data_as_of)
SELECT
  'day'::usage_grain, date_trunc('day', occurred_at, 'UTC'), organization_id, user_id, api_key_id, provider,
  model, operation,
  count(*), count(*) FILTER (WHERE status <> 'success'), sum(input_tokens),
  sum(cached_input_tokens), sum(output_tokens), sum(cost_nano_usd), now()
FROM usage_events
WHERE occurred_at >= ? AND occurred_at < ?
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
