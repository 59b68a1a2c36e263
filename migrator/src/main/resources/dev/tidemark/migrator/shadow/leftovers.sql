-- Whoever has the lock or a session in the database is alive.
SELECT datname
FROM pg_database
WHERE datname ~ '^tidemark_shadow_[0-9a-f]{16}$' AND pg_has_role(datdba, 'USAGE') AND NOT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1
      AND lpad(to_hex(classid::bigint), 8, '0') || lpad(to_hex(objid::bigint), 8, '0') = right(datname, 16))
  AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.datname = pg_database.datname)
