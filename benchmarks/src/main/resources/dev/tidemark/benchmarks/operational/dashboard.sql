-- A month of the organization, by day and model.
SELECT window_start, provider, model,
  sum(request_count) AS requests, sum(error_count) AS errors,
  sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
  sum(cost_nano_usd) / 1e9 AS cost_usd
FROM usage_summaries
WHERE organization_id = current_organization_id()
  AND grain = 'day'
  AND window_start >= ?::timestamptz AND window_start < ?::timestamptz
GROUP BY window_start, provider, model
ORDER BY window_start, cost_usd DESC
