-- Why a partition of usage_events must stay; no row if every consumer has landed all of it.
SELECT 'no consumer has published a watermark, so that nobody is known to have landed its rows'
WHERE NOT EXISTS (SELECT FROM extraction_watermarks) AND EXISTS (SELECT FROM ONLY ${partition})
UNION ALL
-- After a restore transaction ids may begin anew, and comparing them means nothing.
SELECT format('the watermark of consumer %s lies ahead of this server', consumer)
FROM extraction_watermarks
WHERE pg_snapshot_xmax(snapshot::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())
UNION ALL
SELECT format('consumer %s has not landed all of its rows', consumer)
FROM extraction_watermarks
WHERE EXISTS (
  SELECT FROM ONLY ${partition} AS event
  WHERE event.ingested_xid >= pg_snapshot_xmin(snapshot::pg_snapshot)::text::bigint
    AND NOT pg_visible_in_snapshot(event.ingested_xid::text::xid8, snapshot::pg_snapshot))
LIMIT 1
