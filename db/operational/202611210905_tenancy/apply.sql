CREATE TYPE organization_plan AS ENUM ('free', 'starter', 'pro', 'enterprise');
COMMENT ON TYPE organization_plan IS 'Subscription plans, the smallest first';
CREATE TYPE organization_status AS ENUM ('active', 'suspended', 'deleted', 'erased');
COMMENT ON TYPE organization_status IS
  'Life of an organization: deleted can be taken back, erased cannot';
CREATE TYPE data_persistence_mode AS ENUM ('metadata_only', 'full');
COMMENT ON TYPE data_persistence_mode IS
  'Whether what is asked and answered is kept: metadata_only keeps counts and times, full keeps the texts too';
CREATE TYPE environment_tier AS ENUM ('development', 'test', 'production');
COMMENT ON TYPE environment_tier IS 'What an environment is for';
CREATE TYPE budget_period AS ENUM ('day', 'week', 'month', 'quarter', 'year');
COMMENT ON TYPE budget_period IS 'How long a budget lasts before it begins anew; by the calendar in UTC, weeks from Monday';

CREATE TABLE regions (
  code varchar(50) NOT NULL,
  label varchar(255) NOT NULL,
  description text NOT NULL,
  sort_order integer NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT regions_pkey PRIMARY KEY (code)
);
COMMENT ON TABLE regions IS 'Look-up: where data of an organization may lie; the same for all';
COMMENT ON COLUMN regions.code IS 'Name for programs, text of at most 50 characters';
COMMENT ON COLUMN regions.label IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN regions.description IS 'What it means, text';
COMMENT ON COLUMN regions.sort_order IS 'Place in lists, number counted from 1';
COMMENT ON COLUMN regions.is_active IS 'Whether it may be chosen for new organizations, true or false';

INSERT INTO regions (code, label, description, sort_order) VALUES
  ('us', 'United States', 'Data stay in data centres of the United States', 1),
  ('eu', 'European Union', 'Data stay in data centres of the European Union', 2);

CREATE TABLE organizations (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name varchar(255) NOT NULL,
  slug varchar(100) NOT NULL,
  plan organization_plan NOT NULL DEFAULT 'free',
  status organization_status NOT NULL DEFAULT 'active',
  region_code varchar(50),
  data_persistence_mode data_persistence_mode NOT NULL DEFAULT 'metadata_only',
  billing_reference varchar(255),
  billing_currency char(3) NOT NULL DEFAULT 'USD',
  billing_email_ciphertext bytea,
  billing_email_key_id varchar(255),
  quota_workspaces integer,
  quota_users integer,
  quota_requests_per_minute integer,
  quota_tokens_per_month bigint,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  erased_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT organizations_pkey PRIMARY KEY (id),
  CONSTRAINT organizations_region_code_fkey FOREIGN KEY (region_code)
    REFERENCES regions (code) ON DELETE RESTRICT,
  CONSTRAINT organizations_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT organizations_slug_url_safe CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT organizations_billing_currency_code CHECK (billing_currency ~ '^[A-Z]{3}$'),
  CONSTRAINT organizations_billing_email_has_key CHECK (
    (billing_email_ciphertext IS NULL) = (billing_email_key_id IS NULL)),
  CONSTRAINT organizations_quota_workspaces_not_negative CHECK (quota_workspaces >= 0),
  CONSTRAINT organizations_quota_users_not_negative CHECK (quota_users >= 0),
  CONSTRAINT organizations_quota_requests_per_minute_not_negative CHECK (quota_requests_per_minute >= 0),
  CONSTRAINT organizations_quota_tokens_per_month_not_negative CHECK (quota_tokens_per_month >= 0),
  CONSTRAINT organizations_settings_object CHECK (jsonb_typeof(settings) = 'object'),
  CONSTRAINT organizations_deleted_at_fits_status CHECK (
    (status IN ('deleted', 'erased')) = (deleted_at IS NOT NULL)),
  CONSTRAINT organizations_erased_at_fits_status CHECK (
    (status = 'erased') = (erased_at IS NOT NULL)),
  CONSTRAINT organizations_erased_without_contact CHECK (
    status <> 'erased' OR (billing_reference IS NULL AND billing_email_ciphertext IS NULL))
);
CREATE UNIQUE INDEX uq_organizations_slug ON organizations (slug) WHERE deleted_at IS NULL;
CREATE INDEX idx_organizations_region_code ON organizations (region_code);
CREATE TRIGGER record_change BEFORE UPDATE ON organizations
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE ON organizations
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'active>suspended', 'suspended>active', 'active>deleted', 'suspended>deleted', 'deleted>active',
    'deleted>erased');
CREATE TRIGGER keep_region BEFORE UPDATE ON organizations
  FOR EACH ROW WHEN (OLD.region_code IS DISTINCT FROM NEW.region_code AND OLD.region_code IS NOT NULL)
  EXECUTE FUNCTION keep_value(
    'region_code',
    'The data lie in that region, and a changed code would not move them.',
    'Make an organization in the other region and move its data there.');
CREATE TRIGGER refuse_delete BEFORE DELETE ON organizations
  FOR EACH ROW EXECUTE FUNCTION refuse_delete(
    'An organization is deleted by its status, and erased by an erasure request.',
    'Set status to deleted, and deleted_at to the time.');
ALTER TABLE organizations ENABLE ALWAYS TRIGGER refuse_delete;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON organizations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE organizations ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('organizations', 'id');

COMMENT ON TABLE organizations IS 'Tenants: every other thing belongs to one';
COMMENT ON COLUMN organizations.id IS 'Identifier, without unit';
COMMENT ON COLUMN organizations.name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN organizations.slug IS 'Name for URLs: small letters and digits, parts joined by hyphens; unique among those not deleted';
COMMENT ON COLUMN organizations.plan IS 'Subscription plan, one of organization_plan';
COMMENT ON COLUMN organizations.status IS 'Where it is in its life, one of organization_status';
COMMENT ON COLUMN organizations.region_code IS 'Where its data lie, a regions.code; null until it is chosen, and then it stays';
COMMENT ON COLUMN organizations.data_persistence_mode IS 'Whether texts are kept beside counts and times, one of data_persistence_mode';
COMMENT ON COLUMN organizations.billing_reference IS 'The billing system''s name of the customer, text of at most 255 characters; null if not billed';
COMMENT ON COLUMN organizations.billing_currency IS 'Currency of its invoices, three capital letters of ISO 4217';
COMMENT ON COLUMN organizations.billing_email_ciphertext IS 'The encrypted address that invoices go to, bytes; null if there is none';
COMMENT ON COLUMN organizations.billing_email_key_id IS 'Key that billing_email_ciphertext is encrypted with, name of at most 255 characters';
COMMENT ON COLUMN organizations.quota_workspaces IS 'Most workspaces that it may have, number; null for no limit';
COMMENT ON COLUMN organizations.quota_users IS 'Most users that it may have, number; null for no limit';
COMMENT ON COLUMN organizations.quota_requests_per_minute IS 'Most requests in a minute, number; null for no limit';
COMMENT ON COLUMN organizations.quota_tokens_per_month IS 'Most tokens in a calendar month, UTC, number of tokens; null for no limit';
COMMENT ON COLUMN organizations.settings IS 'What its people have chosen, a JSON object';
COMMENT ON COLUMN organizations.erased_at IS 'When its personal data were erased, instant; null if they were not';
COMMENT ON COLUMN organizations.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN organizations.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN organizations.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN organizations.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE workspaces (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  name varchar(255) NOT NULL,
  slug varchar(100) NOT NULL,
  description text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT workspaces_pkey PRIMARY KEY (id),
  CONSTRAINT workspaces_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT workspaces_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT workspaces_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT workspaces_description_at_most_10000 CHECK (length(description) <= 10000),
  CONSTRAINT workspaces_slug_url_safe CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
CREATE UNIQUE INDEX uq_workspaces_organization_id_slug ON workspaces (organization_id, slug)
  WHERE deleted_at IS NULL;
CREATE INDEX idx_workspaces_organization_id_created_at ON workspaces (organization_id, created_at);
CREATE TRIGGER record_change BEFORE UPDATE ON workspaces
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('workspaces');

COMMENT ON TABLE workspaces IS 'Parts of an organization that work apart from each other';
COMMENT ON COLUMN workspaces.id IS 'Identifier, without unit';
COMMENT ON COLUMN workspaces.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN workspaces.name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN workspaces.slug IS 'Name for URLs: small letters and digits, parts joined by hyphens; unique in the organization among those not deleted';
COMMENT ON COLUMN workspaces.description IS 'What it is for, text; null if nobody said';
COMMENT ON COLUMN workspaces.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN workspaces.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN workspaces.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN workspaces.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE environments (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name varchar(100) NOT NULL,
  tier environment_tier NOT NULL,
  is_protected boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT environments_pkey PRIMARY KEY (id),
  CONSTRAINT environments_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT environments_organization_id_workspace_id_id_key
    UNIQUE (organization_id, workspace_id, id),
  CONSTRAINT environments_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT environments_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT environments_name_not_blank CHECK (name ~ '\S')
);
CREATE UNIQUE INDEX uq_environments_organization_id_workspace_id_name
  ON environments (organization_id, workspace_id, name) WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON environments
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('environments');

COMMENT ON TABLE environments IS 'Stages of a workspace, from development to production';
COMMENT ON COLUMN environments.id IS 'Identifier, without unit';
COMMENT ON COLUMN environments.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN environments.workspace_id IS 'The workspace, a workspaces.id of the same organization';
COMMENT ON COLUMN environments.name IS 'Name for people, text of at most 100 characters; unique in the workspace among those not deleted';
COMMENT ON COLUMN environments.tier IS 'What it is for, one of environment_tier';
COMMENT ON COLUMN environments.is_protected IS 'Whether changes to it need an approval, true or false';
COMMENT ON COLUMN environments.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN environments.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN environments.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN environments.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE workspace_settings (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  data_persistence_mode data_persistence_mode,
  payload_retention interval NOT NULL DEFAULT '30 days',
  run_retention interval NOT NULL DEFAULT '400 days',
  quota_requests_per_minute integer,
  quota_tokens_per_month bigint,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT workspace_settings_pkey PRIMARY KEY (id),
  CONSTRAINT workspace_settings_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT workspace_settings_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT workspace_settings_payload_retention_positive CHECK (payload_retention > '0'),
  CONSTRAINT workspace_settings_run_retention_positive CHECK (run_retention > '0'),
  CONSTRAINT workspace_settings_quota_requests_per_minute_not_negative CHECK (quota_requests_per_minute >= 0),
  CONSTRAINT workspace_settings_quota_tokens_per_month_not_negative CHECK (quota_tokens_per_month >= 0),
  CONSTRAINT workspace_settings_settings_object CHECK (jsonb_typeof(settings) = 'object')
);
CREATE UNIQUE INDEX uq_workspace_settings_organization_id_workspace_id
  ON workspace_settings (organization_id, workspace_id) WHERE deleted_at IS NULL;
CREATE INDEX idx_workspace_settings_organization_id_workspace_id
  ON workspace_settings (organization_id, workspace_id);
CREATE TRIGGER record_change BEFORE UPDATE ON workspace_settings
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('workspace_settings');

COMMENT ON TABLE workspace_settings IS 'What applies to one workspace, at most one row each; what is null is as the organization has it';
COMMENT ON COLUMN workspace_settings.id IS 'Identifier, without unit';
COMMENT ON COLUMN workspace_settings.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN workspace_settings.workspace_id IS 'The workspace, a workspaces.id of the same organization';
COMMENT ON COLUMN workspace_settings.data_persistence_mode IS 'Whether texts are kept beside counts and times, one of data_persistence_mode; null for as the organization has it';
COMMENT ON COLUMN workspace_settings.payload_retention IS 'How long texts of requests and answers are kept, interval';
COMMENT ON COLUMN workspace_settings.run_retention IS 'How long runs and their steps are kept, interval';
COMMENT ON COLUMN workspace_settings.quota_requests_per_minute IS 'Most requests in a minute, number; null for as the organization has it';
COMMENT ON COLUMN workspace_settings.quota_tokens_per_month IS 'Most tokens in a calendar month, UTC, number of tokens; null for as the organization has it';
COMMENT ON COLUMN workspace_settings.settings IS 'What its people have chosen, a JSON object';
COMMENT ON COLUMN workspace_settings.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN workspace_settings.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN workspace_settings.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN workspace_settings.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE budgets (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid,
  period budget_period NOT NULL DEFAULT 'month',
  starts_on date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
  limit_amount numeric(19, 4) NOT NULL,
  currency char(3) NOT NULL DEFAULT 'USD',
  alert_thresholds_percent integer[] NOT NULL DEFAULT '{50,80,100}',
  is_hard_limit boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT budgets_pkey PRIMARY KEY (id),
  CONSTRAINT budgets_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT budgets_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT budgets_limit_amount_not_negative CHECK (limit_amount >= 0 AND limit_amount < 'NaN'),
  CONSTRAINT budgets_currency_code CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT budgets_alert_thresholds_percent_sensible CHECK (
    array_position(alert_thresholds_percent, NULL) IS NULL
    AND 0 < ALL (alert_thresholds_percent) AND 1000 >= ALL (alert_thresholds_percent))
);
-- In effect on a day is the budget that started last: budgets follow one another and cannot overlap.
CREATE UNIQUE INDEX uq_budgets_organization_id_workspace_id_period_starts_on
  ON budgets (organization_id, workspace_id, period, starts_on) NULLS NOT DISTINCT
  WHERE deleted_at IS NULL;
CREATE INDEX idx_budgets_organization_id_workspace_id ON budgets (organization_id, workspace_id);
CREATE TRIGGER record_change BEFORE UPDATE ON budgets
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('budgets');

COMMENT ON TABLE budgets IS 'What an organization or a workspace means to spend. In effect is the one that started last';
COMMENT ON COLUMN budgets.id IS 'Identifier, without unit';
COMMENT ON COLUMN budgets.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN budgets.workspace_id IS 'The workspace, a workspaces.id of the same organization; null for the whole organization';
COMMENT ON COLUMN budgets.period IS 'How long it lasts before it begins anew, one of budget_period';
COMMENT ON COLUMN budgets.starts_on IS 'First day on which it holds, date in UTC; it holds until the next one of the same workspace and period starts';
COMMENT ON COLUMN budgets.limit_amount IS 'What may be spent in a period, amount of currency';
COMMENT ON COLUMN budgets.currency IS 'Currency of limit_amount, three capital letters of ISO 4217';
COMMENT ON COLUMN budgets.alert_thresholds_percent IS 'Shares of limit_amount at which people are told, list of percent from 1 to 1000';
COMMENT ON COLUMN budgets.is_hard_limit IS 'Whether requests are refused once it is spent, true or false';
COMMENT ON COLUMN budgets.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN budgets.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN budgets.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN budgets.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE FUNCTION find_organization(organization_slug text)
  RETURNS TABLE (organization_id uuid, status organization_status, region_code varchar)
  LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT o.id, o.status, o.region_code FROM organizations AS o
  WHERE o.slug = organization_slug AND o.deleted_at IS NULL;
END;
COMMENT ON FUNCTION find_organization(text) IS
  'The organization of a URL, before the tenant is known: one row, or none';
REVOKE EXECUTE ON FUNCTION find_organization(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_organization(text) TO tidemark_service;

GRANT SELECT ON regions TO
  tidemark_service, tidemark_analytics, tidemark_auditor, tidemark_extraction;
GRANT SELECT, INSERT, UPDATE ON organizations, workspaces, environments, workspace_settings, budgets
  TO tidemark_service;
GRANT SELECT (id, name, slug, plan, status, region_code, created_at, deleted_at) ON organizations
  TO tidemark_analytics, tidemark_auditor;
GRANT SELECT (id, organization_id, name, slug, created_at, deleted_at) ON workspaces
  TO tidemark_analytics, tidemark_auditor;
GRANT SELECT ON budgets TO tidemark_analytics;
GRANT SELECT, INSERT, UPDATE ON
  regions, organizations, workspaces, environments, workspace_settings, budgets TO tidemark_seeding;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  regions, organizations, workspaces, environments, workspace_settings, budgets TO tidemark_migration;
