SELECT
  count(*) AS replicas,
  count(*) FILTER (WHERE state IS NULL) AS hidden,
  coalesce(max(extract(epoch FROM replay_lag)), 0) AS seconds
FROM pg_stat_replication
