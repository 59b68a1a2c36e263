-- New rows like the old ones.
WITH old AS (
  DELETE FROM usage_events WHERE (id, occurred_at) IN (
    SELECT id, occurred_at FROM torture_first ORDER BY md5(id::text || ?) LIMIT ?)
  RETURNING *)
INSERT INTO usage_events SELECT * FROM old
