-- Windows of a rollup that were not computed with a definition, as their newest revision says.
SELECT held.window_start
FROM (SELECT DISTINCT ${window} AS window_start FROM ${rollup}) AS held
LEFT ANTI JOIN (
  SELECT window_start, max_by(definition_version, struct(input_at, transaction_version)) AS definition_version
  FROM (
    SELECT *, max(rolled_up_at) OVER (PARTITION BY window_start, input_id) AS input_at
    FROM ${revisions}
    WHERE grain = '${grain}'
  )
  GROUP BY window_start
) AS known
  ON known.window_start = held.window_start AND known.definition_version = '${definition}'
