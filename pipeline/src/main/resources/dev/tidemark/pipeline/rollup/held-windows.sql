-- Hours whose newest revision is held, with the names of the rules that hold each.
SELECT window_start, newest.held_by
FROM (
  SELECT window_start, max_by(struct(state, held_by), struct(input_at, transaction_version)) AS newest
  FROM (
    SELECT *, max(rolled_up_at) OVER (PARTITION BY window_start, input_id) AS input_at
    FROM ${revisions}
    WHERE grain = 'hour'
  )
  GROUP BY window_start
)
WHERE newest.state = 'held'
