SELECT
  count(*),
  sum(request_count)::BIGINT,
  sum(error_count)::BIGINT,
  sum(input_tokens)::BIGINT,
  sum(cached_input_tokens)::BIGINT,
  sum(output_tokens)::BIGINT,
  sum(cost_nano_usd)::BIGINT,
  sum(latency_ms_sum)::BIGINT,
  sum(latency_quantiles[1] + latency_quantiles[2] + latency_quantiles[3]),
  sum(strlen(organization_id) + strlen(workspace_id) + strlen(user_id) + strlen(api_key_id)
    + strlen(provider) + strlen(model) + strlen(operation)),
  min(first_event_at),
  max(last_event_at)
FROM (${groups})
