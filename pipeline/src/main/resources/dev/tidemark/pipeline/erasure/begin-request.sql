UPDATE erasure_requests
SET status = 'running', failure_reason = NULL, attempt_count = attempt_count + 1
WHERE id = ? AND status IN ('received', 'running', 'failed')
RETURNING attempt_count
