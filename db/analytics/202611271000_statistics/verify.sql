SELECT count(*) >= 0 FROM delta.`${lake}/usage_events`;
SELECT count(*) >= 0 FROM delta.`${lake}/usage_hourly`;
SELECT count(*) >= 0 FROM delta.`${lake}/usage_daily`;
