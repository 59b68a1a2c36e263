-- How often the current transaction has written to the catalogue so far, descriptions left aside.
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
FROM pg_stat_xact_sys_tables
WHERE schemaname = 'pg_catalog' AND relname NOT IN ('pg_description', 'pg_shdescription', 'pg_statistic')
