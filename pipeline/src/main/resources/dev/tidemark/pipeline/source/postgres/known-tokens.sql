SELECT token::text
FROM extraction_tokens
WHERE consumer = ?
