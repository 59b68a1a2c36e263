INSERT INTO users (id, organization_id, kind, full_name, email_hmac, email_ciphertext, email_key_id) VALUES
  ($author, $organization, 'person', 'Author', sha256(convert_to($author::text, 'UTF8')), 'x', 'key-1'),
  ($approver, $organization, 'person', 'Approver', sha256(convert_to($approver::text, 'UTF8')), 'x', 'key-1'),
  ($second_approver, $organization, 'person', 'Second approver',
    sha256(convert_to($second_approver::text, 'UTF8')), 'x', 'key-1'),
  ($service_account, $organization, 'service_account', 'Robot', NULL, NULL, NULL);
INSERT INTO role_bindings (id, organization_id, user_id, role_id) VALUES
  ($role_binding, $organization, $approver, (SELECT id FROM roles WHERE name = 'Approver'));
INSERT INTO api_keys (
  id, organization_id, user_id, name, key_prefix, key_hash, created_at, expires_at) VALUES
  ($api_key, $organization, $service_account, 'Robot''s key', 'tm-1',
    sha256(convert_to($api_key::text, 'UTF8')), now(), NULL),
  ($expired_api_key, $organization, $service_account, 'Old key', 'tm-0',
    sha256(convert_to($expired_api_key::text, 'UTF8')), '2020-01-01Z', '2020-02-01Z');
INSERT INTO sessions (id, organization_id, user_id, token_hash, created_at, expires_at) VALUES
  ($session, $organization, $author, sha256(convert_to($session::text, 'UTF8')),
    now(), now() + interval '1 day'),
  ($expired_session, $organization, $author, sha256(convert_to($expired_session::text, 'UTF8')),
    '2020-01-01Z', '2020-01-02Z');
