-- Rows of the default partition by the period that they belong to; null for times that get no partition.
SELECT
  CASE WHEN ${time} >= ? AND ${time} < ? THEN date_trunc('${unit}', ${time}) END AS starts_at,
  count(*)
FROM ONLY ${default}
GROUP BY starts_at
ORDER BY starts_at
