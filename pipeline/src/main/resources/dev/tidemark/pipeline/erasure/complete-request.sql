UPDATE erasure_requests
SET status = 'completed', completed_at = clock_timestamp(), evidence_digest = ?
WHERE id = ? AND status = 'running' AND attempt_count = ?
RETURNING completed_at
