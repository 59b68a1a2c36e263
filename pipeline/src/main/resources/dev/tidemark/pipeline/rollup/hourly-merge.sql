-- Brings hours of ${dates}, dates of one month, to what was computed (EX-13): the difference to the
-- current rows is taken in here, so that Delta checks it for conflicts, and only differences are written.
-- ${made} holds whole groups of the recomputed hours; ${windows} names those hours.
MERGE INTO ${target} AS target
USING (
  SELECT
    CASE WHEN made.request_count IS NULL THEN 'vanished' ELSE 'made' END AS kind,
    coalesce(made.hour_start, held.hour_start) AS hour_start,
    coalesce(made.usage_date, held.usage_date) AS usage_date,
    coalesce(made.organization_id, held.organization_id) AS organization_id,
    coalesce(made.workspace_id, held.workspace_id) AS workspace_id,
    coalesce(made.user_id, held.user_id) AS user_id,
    coalesce(made.api_key_id, held.api_key_id) AS api_key_id,
    coalesce(made.provider, held.provider) AS provider,
    coalesce(made.model, held.model) AS model,
    coalesce(made.operation, held.operation) AS operation,
    made.request_count,
    made.error_count,
    made.input_tokens,
    made.cached_input_tokens,
    made.output_tokens,
    made.cost_nano_usd,
    made.latency_ms_sum,
    made.latency_ms_min,
    made.latency_ms_max,
    made.latency_histogram,
    made.first_event_at,
    made.last_event_at
  FROM ${made} AS made
  FULL OUTER JOIN (
    SELECT * FROM ${target} WHERE usage_date IN (${dates}) AND ${windows}
  ) AS held
    ON made.hour_start = held.hour_start
    AND made.organization_id <=> held.organization_id
    AND made.workspace_id <=> held.workspace_id
    AND made.user_id <=> held.user_id
    AND made.api_key_id <=> held.api_key_id
    AND made.provider <=> held.provider
    AND made.model <=> held.model
    AND made.operation <=> held.operation
  WHERE made.request_count IS NULL
    OR held.request_count IS NULL
    OR NOT made.request_count <=> held.request_count
    OR NOT made.error_count <=> held.error_count
    OR NOT made.input_tokens <=> held.input_tokens
    OR NOT made.cached_input_tokens <=> held.cached_input_tokens
    OR NOT made.output_tokens <=> held.output_tokens
    OR NOT made.cost_nano_usd <=> held.cost_nano_usd
    OR NOT made.latency_ms_sum <=> held.latency_ms_sum
    OR NOT made.latency_ms_min <=> held.latency_ms_min
    OR NOT made.latency_ms_max <=> held.latency_ms_max
    OR NOT made.latency_histogram <=> held.latency_histogram
    OR NOT made.first_event_at <=> held.first_event_at
    OR NOT made.last_event_at <=> held.last_event_at
) AS change
ON target.usage_date IN (${dates})
  AND target.usage_date = change.usage_date
  AND target.hour_start = change.hour_start
  AND target.organization_id <=> change.organization_id
  AND target.workspace_id <=> change.workspace_id
  AND target.user_id <=> change.user_id
  AND target.api_key_id <=> change.api_key_id
  AND target.provider <=> change.provider
  AND target.model <=> change.model
  AND target.operation <=> change.operation
WHEN MATCHED AND change.kind = 'vanished' THEN DELETE
WHEN MATCHED THEN UPDATE SET
  request_count = change.request_count,
  error_count = change.error_count,
  input_tokens = change.input_tokens,
  cached_input_tokens = change.cached_input_tokens,
  output_tokens = change.output_tokens,
  cost_nano_usd = change.cost_nano_usd,
  latency_ms_sum = change.latency_ms_sum,
  latency_ms_min = change.latency_ms_min,
  latency_ms_max = change.latency_ms_max,
  latency_histogram = change.latency_histogram,
  first_event_at = change.first_event_at,
  last_event_at = change.last_event_at,
  revision = target.revision + 1,
  revised_at = TIMESTAMP'${revised-at}'
WHEN NOT MATCHED THEN INSERT (
  hour_start,
  organization_id,
  workspace_id,
  user_id,
  api_key_id,
  provider,
  model,
  operation,
  request_count,
  error_count,
  input_tokens,
  cached_input_tokens,
  output_tokens,
  cost_nano_usd,
  latency_ms_sum,
  latency_ms_min,
  latency_ms_max,
  latency_histogram,
  first_event_at,
  last_event_at,
  revision,
  revised_at,
  usage_date
) VALUES (
  change.hour_start,
  change.organization_id,
  change.workspace_id,
  change.user_id,
  change.api_key_id,
  change.provider,
  change.model,
  change.operation,
  change.request_count,
  change.error_count,
  change.input_tokens,
  change.cached_input_tokens,
  change.output_tokens,
  change.cost_nano_usd,
  change.latency_ms_sum,
  change.latency_ms_min,
  change.latency_ms_max,
  change.latency_histogram,
  change.first_event_at,
  change.last_event_at,
  1,
  TIMESTAMP'${revised-at}',
  change.usage_date
)
