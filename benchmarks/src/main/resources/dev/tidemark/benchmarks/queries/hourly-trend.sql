-- One organization's month, hour by hour and by model.
SELECT hour_start, model, sum(request_count) AS requests, sum(input_tokens + output_tokens) AS tokens
FROM usage_hourly
WHERE organization_id = '${organization}' AND usage_date >= DATE'2025-06-01' AND usage_date < DATE'2025-07-01'
GROUP BY hour_start, model
ORDER BY hour_start, model
