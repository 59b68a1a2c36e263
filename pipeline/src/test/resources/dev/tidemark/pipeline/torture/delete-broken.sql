DELETE FROM usage_events
WHERE (input_tokens > 10000000000 OR NOT isfinite(occurred_at) OR occurred_at > now() + interval '2 days')
  AND md5(id::text || ?) < '8'
