INSERT INTO extraction_tokens (consumer)
VALUES (?)
RETURNING token::text
