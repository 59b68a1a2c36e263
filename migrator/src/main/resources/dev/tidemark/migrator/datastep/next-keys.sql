-- The table's name matters in ORDER BY: without it, that would be by the text.
WITH batch AS (SELECT %1$s AS key FROM %2$s %3$s ORDER BY 1 LIMIT ?),
ends AS (
  SELECT
    (SELECT key::text FROM batch ORDER BY batch.key LIMIT 1) AS first,
    (SELECT key::text FROM batch ORDER BY batch.key DESC LIMIT 1) AS last
)
SELECT
  (SELECT count(*) FROM batch) AS walked,
  last,
  quote_literal(first) AS first_literal,
  quote_literal(last) AS last_literal
FROM ends
