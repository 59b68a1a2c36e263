CREATE TYPE organization_plan AS ENUM ('free', 'starter', 'pro', 'enterprise');

CREATE TABLE organizations (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name varchar(255) NOT NULL,
  slug varchar(100) NOT NULL,
  plan organization_plan NOT NULL DEFAULT 'free',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT organizations_pkey PRIMARY KEY (id),
  CONSTRAINT organizations_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT organizations_slug_url_safe CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
CREATE UNIQUE INDEX uq_organizations_slug ON organizations (slug) WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON organizations
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE organizations IS 'Tenants: every other thing belongs to one';
COMMENT ON COLUMN organizations.id IS 'Identifier, without unit';
COMMENT ON COLUMN organizations.name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN organizations.slug IS 'Name for URLs: small letters and digits, parts joined by hyphens; unique among those not deleted';
COMMENT ON COLUMN organizations.plan IS 'Subscription plan, one of organization_plan';
COMMENT ON COLUMN organizations.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN organizations.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN organizations.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN organizations.version IS 'Number of the row''s state, counted from 1; for optimistic locking';
