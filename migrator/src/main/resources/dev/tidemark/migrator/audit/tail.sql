-- One row, whether there is an entry or not.
SELECT e.number, e.key_id, e.hash, session_user AS database_role,
  to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now
FROM (VALUES (1)) AS one (row)
  LEFT JOIN (SELECT number, key_id, hash FROM tidemark.audit_entries ORDER BY number DESC LIMIT 1) AS e ON true
