-- Only in the place of what was read before: nobody else has published meanwhile.
INSERT INTO usage_publications AS published (grain, lake, lake_table_id, lake_version, lake_commit, published_at)
VALUES (?::usage_grain, ?, ?, ?, ?, clock_timestamp())
ON CONFLICT (grain) DO UPDATE
SET lake = excluded.lake,
    lake_table_id = excluded.lake_table_id,
    lake_version = excluded.lake_version,
    lake_commit = excluded.lake_commit,
    published_at = excluded.published_at
WHERE (published.lake_table_id, published.lake_version, published.lake_commit) = (?, ?, ?)
