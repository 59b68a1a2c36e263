REVOKE UPDATE (status, attempt_count, failure_reason, completed_at, evidence_digest)
  ON erasure_requests FROM tidemark_extraction;
