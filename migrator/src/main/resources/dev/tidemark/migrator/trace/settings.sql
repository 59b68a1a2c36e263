-- Parameters of the session that a script has no business to change.
SELECT 'SETTING', 0::bigint, place::integer, 0::bigint, name, ARRAY['value', current_setting(name)]
FROM unnest(ARRAY['lock_timeout', 'statement_timeout', 'search_path', 'role', 'session_replication_role'])
  WITH ORDINALITY AS setting (name, place)
