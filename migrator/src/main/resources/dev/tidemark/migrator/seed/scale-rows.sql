CREATE TEMPORARY TABLE scale_rows (
  organization_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  slug text NOT NULL,
  email_hmac bytea NOT NULL,
  email_ciphertext bytea NOT NULL,
  email_key_id text NOT NULL,
  key_prefix text NOT NULL,
  key_hash bytea NOT NULL
) ON COMMIT DELETE ROWS
