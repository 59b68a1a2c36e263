DROP TABLE api_keys;
DROP TABLE users;
DROP TYPE api_key_status;
DROP TYPE user_role;
DROP TYPE user_kind;
