SELECT f.*
FROM tidemark.lint_results, jsonb_to_recordset(findings) AS f (
  rule text, level text, line integer, statement text, about text, lock text, message text, remedy text, sized_by text)
WHERE checksum = ?
