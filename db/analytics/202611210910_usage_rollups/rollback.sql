DROP TABLE IF EXISTS delta.`${lake}/usage_daily`;
DROP TABLE IF EXISTS delta.`${lake}/usage_hourly`;
