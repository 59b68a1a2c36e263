UPDATE erasure_requests
SET status = 'failed', failure_reason = ?
WHERE id = ? AND status = 'running' AND attempt_count = ?
RETURNING id
