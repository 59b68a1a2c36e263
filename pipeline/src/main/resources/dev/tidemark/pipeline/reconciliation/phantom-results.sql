SELECT
  'phantom' AS comparison,
  timestamp_micros(unix_micros(occurred_at) - pmod(unix_micros(occurred_at), 3600000000L)) AS window_start,
  'requests' AS measure,
  CAST(NULL AS BIGINT) AS expected,
  count(*) AS actual
FROM phantoms
GROUP BY window_start
