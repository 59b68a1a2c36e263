-- What the catalogue held before the first of the runs that left the change set part-way.
SELECT r.catalogue
FROM tidemark.runs AS r
WHERE r.change_set = ?
  AND r.script = 'apply'
  AND r.catalogue IS NOT NULL
  AND r.id > coalesce(
    (SELECT max(id) FROM tidemark.runs AS settled
     WHERE settled.change_set = r.change_set
       AND (settled.outcome = 'done' OR settled.outcome = 'undone' AND settled.script = 'apply')), 0)
ORDER BY r.id
LIMIT 1
