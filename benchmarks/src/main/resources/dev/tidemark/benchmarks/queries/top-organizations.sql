-- The 20 largest organizations of a month.
SELECT organization_id, sum(request_count) AS requests, sum(cost_nano_usd) AS cost_nano_usd
FROM usage_daily
WHERE usage_month = DATE'2025-06-01'
GROUP BY organization_id
ORDER BY requests DESC, organization_id
LIMIT 20
