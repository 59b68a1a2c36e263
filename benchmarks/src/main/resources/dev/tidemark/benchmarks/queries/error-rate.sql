-- A year's error rate by model.
SELECT provider, model, sum(request_count) AS requests, sum(error_count) AS errors
FROM usage_daily
GROUP BY provider, model
ORDER BY provider, model
