COPY (
  SELECT
    id, occurred_at, received_at,
    organization_id, workspace_id, user_id, api_key_id,
    provider, model, operation, status,
    input_tokens::bigint, cached_input_tokens::bigint, output_tokens::bigint,
    latency_ms::bigint, time_to_first_token_ms::bigint, cost_nano_usd::bigint,
    ingested_xid::bigint
  FROM ONLY %s
  WHERE ctid >= '(%d,0)'::tid AND ctid < '(%d,0)'::tid AND (%s)
) TO STDOUT (FORMAT binary)
