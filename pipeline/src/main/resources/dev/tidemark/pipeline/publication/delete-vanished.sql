-- Groups that the lake no longer has, of the windows that begin on certain dates of one month.
DELETE FROM usage_summaries AS summary
WHERE summary.grain = ?::usage_grain
  AND summary.window_start >= ?::timestamptz
  AND summary.window_start < ?::timestamptz
  AND (summary.window_start AT TIME ZONE 'UTC')::date = ANY (?::date[])
  AND NOT EXISTS (
    SELECT FROM made_summaries AS made
    WHERE made.window_start = summary.window_start
      AND made.organization_id = summary.organization_id
      AND made.provider = summary.provider
      AND made.model = summary.model
      AND made.workspace_id IS NOT DISTINCT FROM summary.workspace_id
      AND made.user_id IS NOT DISTINCT FROM summary.user_id
      AND made.api_key_id IS NOT DISTINCT FROM summary.api_key_id
      AND made.operation IS NOT DISTINCT FROM summary.operation)
