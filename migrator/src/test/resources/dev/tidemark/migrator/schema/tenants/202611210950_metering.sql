INSERT INTO metering_events (id, occurred_at, organization_id, metering_kind_code, quantity) VALUES
  ($metering_event, now(), $organization, 'api_call', 1),
  ($old_metering_event, '2020-02-02 02:02Z', $organization, 'bytes_stored', 1024.5);
INSERT INTO usage_summaries (
  grain, window_start, organization_id, workspace_id, provider, model, request_count, error_count, input_tokens,
  cached_input_tokens, output_tokens, cost_nano_usd, data_as_of)
SELECT grain, date_trunc(grain::text, t), $organization, $workspace, 'openai', 'gpt-5', 10, 1, 100, 20, 50, 3000000000, t
FROM unnest(enum_range(NULL::usage_grain)) AS grain,
  unnest(ARRAY[timestamptz '2026-11-20 12:34Z', '2019-03-04 05:06Z']) AS t;
