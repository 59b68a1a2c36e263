-- Statements of a script without a transaction since the change set last stood as a whole on one side or the other.
SELECT j.id, j.statement_number, j.statement_hash, j.transaction_id, j.outcome
FROM tidemark.journal AS j
  JOIN tidemark.runs AS r ON r.id = j.run_id
WHERE r.change_set = ?
  AND r.script = ?
  AND j.script = r.script
  AND NOT r.transactional
  AND r.outcome IS DISTINCT FROM 'undone'
  AND r.id > coalesce(
    (SELECT max(id) FROM tidemark.runs AS settled
     WHERE settled.change_set = r.change_set
       AND (settled.outcome = 'done' OR settled.outcome = 'undone' AND settled.script = 'apply')), 0)
  -- What failed outside of a transaction may have left something.
  AND (j.outcome IS DISTINCT FROM 'failed' OR j.transaction_id IS NULL)
ORDER BY j.id
