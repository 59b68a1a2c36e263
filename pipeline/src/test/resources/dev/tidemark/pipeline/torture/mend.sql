-- Good rows in the place of some with too many tokens.
WITH old AS (
  DELETE FROM usage_events
  WHERE input_tokens > 10000000000 AND isfinite(occurred_at) AND occurred_at < now() AND md5(id::text || ?) < '8'
  RETURNING *), new AS (
  INSERT INTO usage_events
  SELECT good.* FROM old, LATERAL jsonb_populate_record(NULL::usage_events, to_jsonb(old) || '{"input_tokens": 1000}') AS good
  RETURNING *)
INSERT INTO torture_first SELECT * FROM new
