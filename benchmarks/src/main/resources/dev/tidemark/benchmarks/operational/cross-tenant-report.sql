-- A month of everybody: the hundred that cost most.
SELECT organization_id, sum(request_count) AS requests, sum(cost_nano_usd) / 1e9 AS cost_usd
FROM usage_summaries
WHERE grain = 'day'
  AND window_start >= ?::timestamptz AND window_start < ?::timestamptz
GROUP BY organization_id
ORDER BY cost_usd DESC
LIMIT 100
