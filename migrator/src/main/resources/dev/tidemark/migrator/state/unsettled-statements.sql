-- Statements of a script since the change set last stood as a whole on one side or the other.
SELECT j.id, j.statement_number, j.statement_hash, j.transaction_id, j.outcome IS NOT DISTINCT FROM 'done'
FROM tidemark.journal AS j
  JOIN tidemark.runs AS r ON r.id = j.run_id
WHERE r.change_set = ?
  AND r.script = ?
  AND j.script = r.script
  AND r.id > coalesce(
    (SELECT max(id) FROM tidemark.runs AS settled
     WHERE settled.change_set = r.change_set
       AND (settled.outcome = 'done' OR settled.outcome = 'undone' AND settled.script = 'apply')), 0)
  AND j.outcome IS DISTINCT FROM 'failed'
ORDER BY j.id
