CREATE FUNCTION pg_temp.seed_id(VARIADIC parts text[]) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN encode(substr(sha256(convert_to(array_to_string(parts, '/'), 'UTF8')), 1, 16), 'hex')::uuid
