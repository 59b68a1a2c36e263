SELECT change_set, content, decision, actor, database_role, decided_at, expires_at, reason,
  expires_at > clock_timestamp() AS fresh
FROM tidemark.approvals
ORDER BY id
