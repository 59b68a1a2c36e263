-- The pipeline works requests off: it says how far it is, and never who is asked for.
GRANT UPDATE (status, attempt_count, failure_reason, completed_at, evidence_digest)
  ON erasure_requests TO tidemark_extraction;
