-- When an applied change set was applied; one that was taken over with a baseline has no run.
SELECT coalesce(
  (SELECT max(r.ended_at) FROM tidemark.runs AS r
   WHERE r.change_set = h.version AND r.script = 'apply' AND r.outcome = 'done'),
  h.installed_on::timestamptz)
FROM tidemark.change_set_history AS h
WHERE h.version = ? AND h.success
