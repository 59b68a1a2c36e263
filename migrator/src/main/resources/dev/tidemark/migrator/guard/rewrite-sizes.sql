SELECT coalesce(sum(pg_total_relation_size(t.oid)), 0)::bigint
FROM (SELECT DISTINCT coalesce(p.relid::oid, given.oid) AS oid
      FROM unnest(?::text[]) AS name
        CROSS JOIN LATERAL (SELECT to_regclass(name)::oid AS oid) AS given
        LEFT JOIN LATERAL pg_partition_tree(given.oid) AS p ON true
      WHERE given.oid IS NOT NULL) AS t
