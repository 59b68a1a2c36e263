-- Of a standby, an ordinary role sees the name only. A backup that is being taken replays nothing.
SELECT 'standby ' || coalesce(nullif(application_name, ''), host(client_addr), pid::text) AS name,
  pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint AS bytes,
  extract(epoch FROM replay_lag) * 1000 AS milliseconds,
  state IS NULL AS hidden
FROM pg_stat_replication
UNION ALL
SELECT 'slot ' || slot_name || CASE WHEN active THEN '' ELSE ' (nobody reads it)' END,
  pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(confirmed_flush_lsn, restart_lsn))::bigint,
  NULL,
  false
FROM pg_replication_slots
WHERE NOT temporary
