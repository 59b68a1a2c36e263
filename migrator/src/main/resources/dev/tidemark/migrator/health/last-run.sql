SELECT max(ended_at)
FROM tidemark.runs
WHERE outcome = 'done'
