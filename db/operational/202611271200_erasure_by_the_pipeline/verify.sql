-- The pipeline marks requests, and cannot make, change or reject one.
SELECT has_column_privilege('tidemark_extraction', 'erasure_requests', 'status', 'UPDATE')
  AND has_column_privilege('tidemark_extraction', 'erasure_requests', 'evidence_digest', 'UPDATE')
  AND NOT has_table_privilege('tidemark_extraction', 'erasure_requests', 'INSERT, DELETE')
  AND NOT has_column_privilege('tidemark_extraction', 'erasure_requests', 'subject_user_id', 'UPDATE')
  AND NOT has_column_privilege('tidemark_extraction', 'erasure_requests', 'rejection_reason', 'UPDATE');
