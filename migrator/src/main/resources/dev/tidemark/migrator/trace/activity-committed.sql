SELECT relid::bigint, seq_scan, seq_tup_read, n_tup_ins, n_tup_upd, n_tup_del
FROM pg_stat_user_tables
WHERE seq_scan > 0 OR n_tup_ins > 0 OR n_tup_upd > 0 OR n_tup_del > 0
