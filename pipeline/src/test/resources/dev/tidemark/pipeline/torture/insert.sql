WITH new AS (
  INSERT INTO usage_events
  SELECT event.* FROM generate_series(?::bigint, ?::bigint) AS n, LATERAL torture_event(n, ?, ?) AS event
  RETURNING *)
INSERT INTO torture_first SELECT * FROM new
