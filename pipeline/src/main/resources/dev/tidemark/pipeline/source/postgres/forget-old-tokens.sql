DELETE FROM extraction_tokens
WHERE consumer = ?
  AND token NOT IN (
    SELECT token FROM extraction_tokens WHERE consumer = ? ORDER BY created_at DESC LIMIT 1000)
