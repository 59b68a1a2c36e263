SELECT t.relname
FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid
WHERE g.tgname = 'audit_change'
  AND t.relname IN ('organizations', 'workspaces', 'users', 'api_keys', 'budgets')
  AND pg_table_is_visible(t.oid)
  AND pg_has_role(session_user, t.relowner, 'USAGE')
ORDER BY 1
