CREATE TABLE extraction_tokens (
  token uuid NOT NULL DEFAULT gen_random_uuid(),
  consumer text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT extraction_tokens_pkey PRIMARY KEY (token)
);
CREATE INDEX idx_extraction_tokens_consumer_created_at ON extraction_tokens (consumer, created_at);

COMMENT ON TABLE extraction_tokens IS
  'One row per extraction, landed with its events. A token that the lake knows and this table does not tells that the server lost history';
COMMENT ON COLUMN extraction_tokens.token IS 'Identifier of the extraction, without unit';
COMMENT ON COLUMN extraction_tokens.consumer IS 'Who extracts, name of a pipeline';
COMMENT ON COLUMN extraction_tokens.created_at IS 'When the extraction began, instant';

CREATE TABLE extraction_watermarks (
  consumer text NOT NULL,
  lake text NOT NULL,
  landed_version bigint NOT NULL,
  snapshot text NOT NULL,
  snapshot_xmin bigint NOT NULL,
  token uuid NOT NULL,
  landed_through timestamptz,
  published_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT extraction_watermarks_pkey PRIMARY KEY (consumer)
);

COMMENT ON TABLE extraction_watermarks IS
  'How far each consumer has landed events. A copy for people and for retention; the truth is in the lake''s own log';
COMMENT ON COLUMN extraction_watermarks.consumer IS 'Who extracts, name of a pipeline';
COMMENT ON COLUMN extraction_watermarks.lake IS 'Where it lands, URI of the table';
COMMENT ON COLUMN extraction_watermarks.landed_version IS 'Version of the landed table that holds the events, number';
COMMENT ON COLUMN extraction_watermarks.snapshot IS 'Which transactions were seen, a pg_snapshot as text';
COMMENT ON COLUMN extraction_watermarks.snapshot_xmin IS 'Every transaction below this one was seen, a 64-bit transaction id';
COMMENT ON COLUMN extraction_watermarks.token IS 'Token of the last extraction, an extraction_tokens.token';
COMMENT ON COLUMN extraction_watermarks.landed_through IS 'Time of the latest event landed, instant; null if there was none';
COMMENT ON COLUMN extraction_watermarks.published_at IS 'When this row was written, instant';

GRANT SELECT, INSERT, DELETE ON extraction_tokens TO tidemark_extraction;
GRANT SELECT, INSERT, UPDATE ON extraction_watermarks TO tidemark_extraction;
GRANT SELECT, INSERT, UPDATE, DELETE ON extraction_tokens, extraction_watermarks TO tidemark_migration;
GRANT SELECT, INSERT, UPDATE ON extraction_tokens, extraction_watermarks TO tidemark_seeding;
