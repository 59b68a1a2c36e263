SELECT id, name, status, risk_tier, created_at
FROM active_workflows
ORDER BY created_at DESC
LIMIT 50
