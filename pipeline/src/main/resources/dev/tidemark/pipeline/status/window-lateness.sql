-- The events of each window by how late they came; up_to_seconds is null for the last class, which has no end.
CREATE OR REPLACE TEMPORARY VIEW window_lateness AS
SELECT
  grain,
  window_start,
  element_at(array(60, 300, 900, 3600, 21600, 86400, 259200, 604800, 2592000, NULL), place + 1) AS up_to_seconds,
  events
FROM window_status
LATERAL VIEW posexplode(lateness) exploded AS place, events
