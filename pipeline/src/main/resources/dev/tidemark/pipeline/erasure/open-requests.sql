-- The most pressing first. One that is running was left by a process that is gone: whoever asks has the lock.
SELECT id, organization_id, subject_user_id, due_at
FROM erasure_requests
WHERE status IN ('received', 'running', 'failed')
ORDER BY due_at, id
