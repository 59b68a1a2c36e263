-- Sums of each published window of a grain.
SELECT
  window_start,
  sum(request_count)::bigint,
  sum(error_count)::bigint,
  sum(input_tokens)::bigint,
  sum(cached_input_tokens)::bigint,
  sum(output_tokens)::bigint,
  sum(cost_nano_usd)::bigint
FROM usage_summaries
WHERE grain = ?::usage_grain AND window_start >= ?::timestamptz AND window_start < ?::timestamptz
GROUP BY 1
