SELECT
  CASE WHEN nspname = 'public' THEN '' ELSE quote_ident(nspname) || '.' END || quote_ident(c.relname),
  (SELECT sum(CASE WHEN m.reltuples < 0 THEN pg_relation_size(m.oid) / 100 ELSE m.reltuples END)
   FROM pg_class AS m WHERE m.oid = c.oid OR m.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf))::bigint,
  (SELECT sum(CASE WHEN m.reltuples < 0 THEN pg_relation_size(m.oid)
     ELSE m.relpages::bigint * current_setting('block_size')::bigint END)
   FROM pg_class AS m WHERE m.oid = c.oid OR m.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf))::bigint
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p', 'm') AND nspname NOT IN ('information_schema', 'tidemark') AND nspname !~ '^pg_'
