-- What was delivered first of each good event: what the rollups must add up. A run marks what it can see when it
-- begins; what a run has marked that succeeded is landed for sure.
CREATE TABLE torture_first (LIKE usage_events, run bigint, settled boolean NOT NULL DEFAULT false, PRIMARY KEY (id, occurred_at));

CREATE FUNCTION torture_draw(n bigint, salt text, most bigint) RETURNS bigint
  LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || substr(md5(n::text || salt), 1, 8))::bit(32)::bigint % most $$;

-- Event number n, all of it drawn from its number: few series, null and empty dimensions, errors, unknown latencies.
CREATE FUNCTION torture_event(n bigint, from_time timestamptz, hours int) RETURNS usage_events
  LANGUAGE sql STABLE AS $$
  SELECT ROW(
    ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
    from_time + make_interval(secs => torture_draw(n, 'second', hours * 3600))
      + torture_draw(n, 'microsecond', 1000000) * interval '1 microsecond',
    now(),
    ('00000000-0000-0000-0000-00000000000' || torture_draw(n, 'organization', 2))::uuid,
    CASE torture_draw(n, 'workspace', 2) WHEN 0 THEN '00000000-0000-0000-0000-0000000000b0'::uuid END,
    CASE torture_draw(n, 'user', 2) WHEN 0 THEN '00000000-0000-0000-0000-0000000000c0'::uuid END,
    NULL,
    'openai',
    CASE torture_draw(n, 'model', 3) WHEN 0 THEN 'größtes "Modell"' ELSE 'small' END,
    CASE torture_draw(n, 'operation', 4) WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'chat' END,
    CASE torture_draw(n, 'status', 5) WHEN 0 THEN 'timeout' WHEN 1 THEN 'client_error' ELSE 'success' END,
    NULL,
    1000 + torture_draw(n, 'input', 4000),
    torture_draw(n, 'cached', 1000),
    torture_draw(n, 'output', 2000),
    CASE torture_draw(n, 'latency', 4) WHEN 0 THEN NULL
      ELSE exp(torture_draw(n, 'milliseconds', 10000) / 1000.0)::int END,
    NULL,
    torture_draw(n, 'cost', 1000000000),
    0)::usage_events
  $$;
