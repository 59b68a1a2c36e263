-- Every table of tenants keeps them apart, for its owner too.
SELECT count(*) = 4 AND bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class
WHERE oid IN (
  'provider_keys'::regclass, 'connector_installations'::regclass,
  'secret_rotation_logs'::regclass, 'key_validation_results'::regclass);

-- Every rotation is logged.
SELECT count(*) = 2 FROM pg_trigger
WHERE tgname = 'log_secret_rotation' AND tgenabled <> 'D'
  AND tgrelid IN ('provider_keys'::regclass, 'connector_installations'::regclass);
SELECT count(*) = 3 FROM pg_trigger
WHERE tgname IN ('log_email_rotation', 'log_mfa_secret_rotation', 'log_billing_email_rotation')
  AND tgenabled <> 'D' AND tgrelid IN ('users'::regclass, 'organizations'::regclass);

-- The log and the results of checks stay, whatever the session's replication role.
SELECT count(*) = 4 FROM pg_trigger
WHERE tgname IN ('refuse_change', 'refuse_truncate') AND tgenabled = 'A'
  AND tgrelid IN ('secret_rotation_logs'::regclass, 'key_validation_results'::regclass);

-- There is something to choose from.
SELECT EXISTS (SELECT FROM provider_types WHERE is_active)
  AND EXISTS (SELECT FROM connector_types WHERE is_active);
