-- 100,000 events, each delivered once, of three hours of ${day}; the two earlier ones are days late.
COPY (
  SELECT
    md5(event_id || '-${round}')::UUID::VARCHAR AS event_id,
    TIMESTAMPTZ '${day} 23:00:00Z' - to_days(number % 3 * 2)
      + to_microseconds((hash(event_id) % 3600000000)::BIGINT) AS occurred_at,
    TIMESTAMPTZ '${day} 23:59:59Z' AS received_at,
    * EXCLUDE (event_id, occurred_at, received_at, number)
  FROM (
    SELECT *, row_number() OVER () AS number
    FROM (SELECT DISTINCT ON (event_id) * FROM read_parquet('${file}'))
    LIMIT 100000
  )
) TO '${target}' (FORMAT parquet)
