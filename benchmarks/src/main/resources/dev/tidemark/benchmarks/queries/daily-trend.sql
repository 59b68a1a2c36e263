-- One organization's year, day by day.
SELECT usage_date, sum(request_count) AS requests, sum(input_tokens + output_tokens) AS tokens,
  sum(cost_nano_usd) AS cost_nano_usd, sum(error_count) AS errors
FROM usage_daily
WHERE organization_id = '${organization}'
GROUP BY usage_date
ORDER BY usage_date
