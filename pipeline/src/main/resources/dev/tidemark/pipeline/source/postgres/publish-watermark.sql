INSERT INTO extraction_watermarks AS published
  (consumer, lake, landed_version, snapshot, snapshot_xmin, token, published_at)
VALUES (?, ?, ?, ?, ?, ?::uuid, clock_timestamp())
ON CONFLICT (consumer) DO UPDATE
SET lake = excluded.lake,
    landed_version = excluded.landed_version,
    snapshot = excluded.snapshot,
    snapshot_xmin = excluded.snapshot_xmin,
    token = excluded.token,
    published_at = excluded.published_at
WHERE published.token <> excluded.token AND published.landed_version < excluded.landed_version
