CREATE TYPE model_status AS ENUM ('active', 'deprecated', 'retired');

CREATE TABLE models (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  provider varchar(100) NOT NULL,
  name varchar(200) NOT NULL,
  display_name varchar(255) NOT NULL,
  status model_status NOT NULL DEFAULT 'active',
  context_window_tokens integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT models_pkey PRIMARY KEY (id),
  CONSTRAINT models_context_window_tokens_positive CHECK (context_window_tokens > 0)
);
CREATE UNIQUE INDEX uq_models_provider_name ON models (provider, name) WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON models
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE models IS 'Registry of models; the same for all organizations';
COMMENT ON COLUMN models.id IS 'Identifier, without unit';
COMMENT ON COLUMN models.provider IS 'Who runs the model, as usage_events.provider has it';
COMMENT ON COLUMN models.name IS 'The provider''s name of the model, as usage_events.model has it';
COMMENT ON COLUMN models.display_name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN models.status IS 'Whether it should be used, one of model_status';
COMMENT ON COLUMN models.context_window_tokens IS 'How much fits into one request, tokens; null if unknown';
COMMENT ON COLUMN models.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN models.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN models.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN models.version IS 'Number of the row''s state, counted from 1; for optimistic locking';
