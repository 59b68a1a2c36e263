-- Rows of a range of time, counted by leaf and range of blocks; partitions outside of it are not looked at.
SELECT tableoid::regclass::text, slice, events
FROM (
  SELECT tableoid, (ctid::text::point)[0]::bigint / %d AS slice, count(*) AS events
  FROM usage_events
  WHERE %s
  GROUP BY tableoid, slice
) AS slices
ORDER BY 1, 2
