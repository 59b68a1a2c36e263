DROP TABLE api_keys;
DROP TABLE users;
DROP TABLE organizations;
DROP TYPE api_key_status;
DROP TYPE user_role;
DROP TYPE user_kind;
DROP TYPE organization_plan;
DROP FUNCTION record_change();
