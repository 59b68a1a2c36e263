-- Both tables are there and empty.
SELECT NOT EXISTS (SELECT FROM extraction_tokens) AND NOT EXISTS (SELECT FROM extraction_watermarks);
