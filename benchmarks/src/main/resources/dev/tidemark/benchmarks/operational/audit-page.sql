-- The latest of a period, the page that an administrator opens.
SELECT sequence, occurred_at, user_id, api_key_id, source, action, resource_type, resource_id
FROM audit_log_entries
WHERE organization_id = current_organization_id()
  AND occurred_at >= ?::timestamptz AND occurred_at < ?::timestamptz
ORDER BY occurred_at DESC
LIMIT 50
