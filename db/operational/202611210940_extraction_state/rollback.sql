DROP TABLE extraction_watermarks;
DROP TABLE extraction_tokens;
