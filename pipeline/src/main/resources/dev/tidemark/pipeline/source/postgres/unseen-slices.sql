-- Rows that the last landing's snapshot did not show, counted by leaf and range of blocks (EX-1).
SELECT tableoid::regclass::text, slice, events
FROM (
  SELECT tableoid, (ctid::text::point)[0]::bigint / ? AS slice, count(*) AS events
  FROM usage_events
  WHERE ingested_xid >= ? OR ingested_xid = ANY (?)
  GROUP BY tableoid, slice
) AS slices
ORDER BY 1, 2
