INSERT INTO usage_publications (grain, lake, lake_table_id, lake_version, lake_commit, published_at)
VALUES (?::usage_grain, ?, ?, ?, ?, clock_timestamp())
ON CONFLICT (grain) DO UPDATE
SET lake = excluded.lake,
    lake_table_id = excluded.lake_table_id,
    lake_version = excluded.lake_version,
    lake_commit = excluded.lake_commit,
    published_at = excluded.published_at
