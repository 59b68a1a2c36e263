-- New rows with other content in the place of such as were landed.
WITH old AS (
  DELETE FROM usage_events WHERE (id, occurred_at) IN (
    SELECT id, occurred_at FROM torture_first WHERE settled ORDER BY md5(id::text || ?) LIMIT ?)
  RETURNING *)
INSERT INTO usage_events
SELECT changed.*
FROM old, LATERAL jsonb_populate_record(NULL::usage_events, to_jsonb(old) || '{"model": "another", "status": "server_error", "output_tokens": 77}') AS changed
