SELECT token::text, created_at
FROM extraction_tokens
WHERE consumer = ? AND created_at <= clock_timestamp() - make_interval(secs => ?)
ORDER BY created_at DESC
LIMIT 20
