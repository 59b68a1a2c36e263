-- Trusted extensions: the owner of the database may make them.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The roles belong to the server, and several of its databases may ask for them at once.
DO $$
DECLARE
  wanted name;
  missing text := '';
BEGIN
  FOREACH wanted IN ARRAY ARRAY[
    'tidemark_service', 'tidemark_analytics', 'tidemark_auditor',
    'tidemark_extraction', 'tidemark_migration', 'tidemark_seeding'] LOOP
    BEGIN
      IF to_regrole(wanted) IS NULL THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
      END IF;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN
        NULL;
      WHEN insufficient_privilege THEN
        missing := missing || format('CREATE ROLE %I NOLOGIN; ', wanted);
    END;
  END LOOP;
  BEGIN
    IF to_regrole('tidemark_migration') IS NULL
      OR NOT pg_has_role(current_user, 'tidemark_migration', 'USAGE') THEN
      EXECUTE format('GRANT tidemark_migration TO %I', current_user);
    END IF;
  EXCEPTION
    WHEN unique_violation THEN
      NULL;
    WHEN insufficient_privilege OR undefined_object THEN
      missing := missing || format('GRANT tidemark_migration TO %I; ', current_user);
  END;
  IF missing <> '' THEN
    RAISE EXCEPTION 'the role % may not make what isolates tenants; have an administrator run: %',
        current_user, rtrim(missing)
      USING ERRCODE = 'insufficient_privilege',
        DETAIL = 'Policies and grants need these roles, and only a role with CREATEROLE makes and grants them.',
        HINT = 'Then resolve this change set with --retry and apply again; the roles serve every database of the server.';
  END IF;
  EXECUTE format(
    'GRANT USAGE ON SCHEMA %I TO tidemark_service, tidemark_analytics, tidemark_auditor,'
    ' tidemark_extraction, tidemark_migration, tidemark_seeding',
    current_schema);
END;
$$;

CREATE FUNCTION current_organization_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.organization_id', true), '')::uuid;
COMMENT ON FUNCTION current_organization_id() IS
  'The tenant that the session works for, from the setting app.organization_id; null if it is not set, and then no row of any tenant is seen';

CREATE FUNCTION record_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  -- Round and round: a row that is written with every request gets there within years, and a version
  -- has only to differ from the one that somebody read.
  successor integer := CASE OLD.version WHEN 2147483647 THEN 1 ELSE OLD.version + 1 END;
BEGIN
  -- Both ways to lock optimistically: giving the version that was read; or, with WHERE on that
  -- version, the one after it.
  IF NEW.version NOT IN (OLD.version, successor) THEN
    RAISE EXCEPTION '% has version % of this row, and the change was made from version %',
        TG_TABLE_NAME, OLD.version, NEW.version
      USING ERRCODE = 'serialization_failure',
        DETAIL = 'Somebody changed the row in between, and that change would be lost.',
        HINT = 'Read the row again and repeat the change.';
  END IF;
  NEW.created_at := OLD.created_at;
  NEW.updated_at := now();
  NEW.version := successor;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION record_change() IS
  'Keeps created_at, sets updated_at and counts version up on every UPDATE, after 2147483647 from 1 again; refuses one that gives a version other than the row''s or the next';

CREATE FUNCTION keep_value() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: % stays as it was set', TG_TABLE_NAME, TG_ARGV[0]
    USING ERRCODE = 'restrict_violation', DETAIL = TG_ARGV[1], HINT = TG_ARGV[2];
END;
$$;
COMMENT ON FUNCTION keep_value() IS
  'Refuses the change of a value, for triggers whose WHEN says that it changes. Arguments: what it is, the reason, what to do instead';

CREATE FUNCTION refuse_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % of row % is refused',
      coalesce(pg_partition_root(TG_RELID), TG_RELID::regclass), TG_OP, to_jsonb(OLD) ->> 'id'
    USING ERRCODE = 'restrict_violation',
      DETAIL = coalesce(TG_ARGV[0], 'Others rely on it that what was written stays as it was written.'),
      HINT = coalesce(TG_ARGV[1], 'Insert a row that says what is new.');
END;
$$;
COMMENT ON FUNCTION refuse_change() IS
  'Refuses every UPDATE or DELETE of a row. Arguments, both optional: the reason, what to do instead';

CREATE FUNCTION refuse_delete() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% keeps its rows: DELETE of row % is refused', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'restrict_violation', DETAIL = TG_ARGV[0], HINT = TG_ARGV[1];
END;
$$;
COMMENT ON FUNCTION refuse_delete() IS
  'Refuses every DELETE of a row that may change. Arguments: the reason, what to do instead';

CREATE FUNCTION refuse_truncate() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never truncated', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation',
      DETAIL = coalesce(TG_ARGV[0], 'TRUNCATE passes by the triggers and policies that guard its rows.'),
      HINT = coalesce(TG_ARGV[1], 'Rows leave by retention or erasure.');
END;
$$;
COMMENT ON FUNCTION refuse_truncate() IS
  'Refuses TRUNCATE. Arguments, both optional: the reason, what to do instead';

CREATE FUNCTION refuse_transition() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  ways text;
BEGIN
  IF OLD.status = NEW.status OR format('%s>%s', OLD.status, NEW.status) = ANY (TG_ARGV) THEN
    RETURN NEW;
  END IF;
  SELECT string_agg(split_part(way, '>', 2), ', ' ORDER BY place) INTO ways
  FROM unnest(TG_ARGV) WITH ORDINALITY AS allowed (way, place)
  WHERE split_part(way, '>', 1) = OLD.status::text;
  RAISE EXCEPTION '%.status cannot go from % to %; from % it may go %',
      TG_TABLE_NAME, OLD.status, NEW.status, OLD.status, coalesce('to ' || ways, 'nowhere')
    USING ERRCODE = 'check_violation',
      HINT = 'Read the row again: its status may have changed since it was read.';
END;
$$;
COMMENT ON FUNCTION refuse_transition() IS
  'Refuses an UPDATE that moves status otherwise than its arguments allow, each of which is written from>to';

CREATE FUNCTION isolate_tenants(tenant_table regclass, tenant_column name DEFAULT 'organization_id')
  RETURNS void
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
  IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tenant_table AND polname = 'tenant') THEN
    -- The sub-select makes it one call a query, not one a row.
    EXECUTE format(
      'CREATE POLICY tenant ON %s USING (%I = (SELECT current_organization_id()))'
      ' WITH CHECK (%2$I = (SELECT current_organization_id()))',
      tenant_table, tenant_column);
    EXECUTE format(
      'COMMENT ON POLICY tenant ON %s IS ''Everybody sees and writes the rows of the session''''s tenant only''',
      tenant_table);
    EXECUTE format(
      'CREATE POLICY across_tenants ON %s'
      ' TO tidemark_extraction, tidemark_migration, tidemark_seeding USING (true) WITH CHECK (true)',
      tenant_table);
    EXECUTE format(
      'COMMENT ON POLICY across_tenants ON %s IS ''These three work for all tenants; nobody else does''',
      tenant_table);
  END IF;
  -- Partitions have the trigger from their parent.
  IF NOT (SELECT relispartition FROM pg_class WHERE oid = tenant_table) THEN
    EXECUTE format(
      'CREATE OR REPLACE TRIGGER keep_tenant BEFORE UPDATE ON %s FOR EACH ROW'
      ' WHEN (OLD.%I IS DISTINCT FROM NEW.%2$I) EXECUTE FUNCTION keep_value(%L, %L, %L)',
      tenant_table,
      tenant_column,
      tenant_column,
      'A row stays with the tenant that it was made for.',
      'Make a new row for the other tenant.');
  END IF;
END;
$$;
COMMENT ON FUNCTION isolate_tenants(regclass, name) IS
  'Makes a table that of tenants: row-level security, forced for its owner too, by the session''s app.organization_id. To be called for each partition as well';
REVOKE EXECUTE ON FUNCTION isolate_tenants(regclass, name) FROM PUBLIC;
