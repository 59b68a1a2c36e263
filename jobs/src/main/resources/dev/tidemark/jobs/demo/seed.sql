-- Organizations, service accounts, keys and models; the same in every demo.
INSERT INTO organizations (id, name, slug, plan)
SELECT md5('organization-' || n)::uuid, name, lower(replace(name, ' ', '-')), plan::organization_plan
FROM (VALUES
  (1, 'Harbour Labs', 'enterprise'),
  (2, 'Blue Kite', 'enterprise'),
  (3, 'Orchard Health', 'pro'),
  (4, 'Pebble Games', 'starter'),
  (5, 'Tern Press', 'free')) AS organization (n, name, plan);

INSERT INTO users (id, organization_id, kind, full_name, role)
SELECT
  md5('user-' || n || '-' || k)::uuid,
  md5('organization-' || n)::uuid,
  'service_account',
  (ARRAY['Search', 'Support desk', 'Translation', 'Summaries', 'Code review', 'Onboarding'])[k],
  'api'
FROM generate_series(1, 5) AS n, generate_series(1, 7 - n) AS k;

INSERT INTO api_keys (id, organization_id, user_id, name, key_prefix, key_hash)
SELECT
  md5('key-' || n || '-' || k)::uuid,
  md5('organization-' || n)::uuid,
  md5('user-' || n || '-' || k)::uuid,
  'Key ' || k,
  'demo-' || n || '-' || k,
  sha256(convert_to('demo-key-' || n || '-' || k, 'UTF8'))
FROM generate_series(1, 5) AS n, generate_series(1, 7 - n) AS k;

INSERT INTO models (id, provider, name, display_name, context_window_tokens)
SELECT md5('model-' || name)::uuid, provider, name, display_name, tokens
FROM (VALUES
  ('openai', 'gpt-5', 'GPT-5', 400000),
  ('openai', 'gpt-5-mini', 'GPT-5 mini', 400000),
  ('mistral', 'mistral-large', 'Mistral Large', 128000),
  ('google', 'gemini-2.5-flash', 'Gemini 2.5 Flash', 1000000),
  ('openai', 'text-embedding-3-small', 'Embedding 3 small', 8192))
  AS model (provider, name, display_name, tokens)
