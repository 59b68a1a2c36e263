--# rule grant-to-public
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE FUNCTION twice(value bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 2 * value';
--# bad
GRANT SELECT ON orders TO PUBLIC;
--# bad
GRANT CREATE ON SCHEMA public TO PUBLIC;
--# good
GRANT SELECT ON orders TO pg_read_all_data;
--# good everybody may execute a function until it is revoked
GRANT EXECUTE ON FUNCTION twice(bigint) TO pg_read_all_data;

--# rule security-definer-search-path
--# bad
CREATE FUNCTION twice(value bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 2 * value';
--# good
CREATE FUNCTION twice(value bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS 'SELECT 2 * value';

--# good a body of this form is read when the function is made, not when it is called
CREATE FUNCTION twice(value bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
  SELECT 2 * value;
END;

--# rule dynamic-sql-concatenation
--# bad
CREATE FUNCTION count_of(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE answer bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM ' || name INTO answer;
  RETURN answer;
END $$;
--# good
CREATE FUNCTION count_of(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE answer bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I', name) INTO answer;
  RETURN answer;
END $$;

--# rule row-security-disabled
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
--# bad
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
--# good
ALTER TABLE orders FORCE ROW LEVEL SECURITY;

--# rule row-security-enabled
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
--# good
CREATE POLICY everything ON orders USING (true);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;

--# rule policy-added
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
--# bad
CREATE POLICY everything ON orders USING (true);
--# good a restrictive policy only takes away
CREATE POLICY little ON orders AS RESTRICTIVE USING (id > 0);

--# rule policy-changed
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY chosen ON orders USING (id > 100);
--# bad
ALTER POLICY chosen ON orders USING (id > 0);
--# bad
DROP POLICY chosen ON orders;
--# good
CREATE POLICY others ON orders USING (id < 10);

--# rule view-bypasses-row-security
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
--# bad
CREATE VIEW all_orders AS SELECT id FROM orders;
--# good
CREATE VIEW all_orders WITH (security_invoker = true) AS SELECT id FROM orders;

--# rule powerful-role
--# bad
CREATE ROLE lint_case_manager CREATEDB;
--# good
CREATE ROLE lint_case_reader;

--# rule owner-changed
--# given
CREATE ROLE lint_case_owner;
GRANT lint_case_owner TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO lint_case_owner;
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
ALTER TABLE orders OWNER TO lint_case_owner;
--# good
GRANT SELECT ON orders TO lint_case_owner;

--# rule revoke
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
GRANT SELECT, INSERT ON orders TO pg_read_all_data;
--# bad
REVOKE INSERT ON orders FROM pg_read_all_data;
--# good
GRANT UPDATE ON orders TO pg_read_all_data;
