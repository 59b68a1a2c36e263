package dev.tidemark.migrator.rule;

import static dev.tidemark.migrator.testing.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule against what breaks it and what nearly does, all in one database, a schema each. */
class DesignRulesIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Catalogue catalogue;

  /**
   * What a rule is tried on.
   *
   * @param broken breaks it once
   * @param where the table and column that the finding names
   * @param near looks like it and is fine
   */
  private record Example(String rule, String broken, String where, String near) {}

  private static final List<Example> EXAMPLES = new ArrayList<>();

  static {
    example(
        "naming.table-plural",
        "CREATE TABLE address (a int)",
        "address",
        "CREATE TABLE addresses (a int)");
    example(
        "naming.table-plural",
        "CREATE TABLE status (a int)",
        "status",
        "CREATE TABLE statuses (a int)");
    example(
        "naming.snake-case",
        "CREATE TABLE things (\"createdAt\" int)",
        "things.createdAt",
        "CREATE TABLE things (created_at2 int)");
    example(
        "naming.snake-case",
        "CREATE TYPE \"State\" AS ENUM ('a')",
        "State",
        "CREATE TYPE state AS ENUM ('a')");
    example(
        "naming.foreign-key-column",
        "CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE things (owner uuid REFERENCES users)",
        "things.owner",
        "CREATE TABLE users (id uuid PRIMARY KEY, parent_id uuid REFERENCES users);"
            + " CREATE TABLE things (owned_by_user_id uuid REFERENCES users)");
    example(
        "naming.index",
        "CREATE TABLE things (a int, b int); CREATE INDEX things_a ON things (a)",
        "things",
        "CREATE TABLE things (a int, b int); CREATE INDEX idx_things_a_b ON things (a, b) INCLUDE (a);"
            + " CREATE UNIQUE INDEX uq_things_a_absolute ON things (abs(a))");
    example(
        "naming.index",
        "CREATE TABLE things (a int); CREATE UNIQUE INDEX idx_things_a ON things (a)",
        "things",
        "CREATE TABLE things (a int); CREATE UNIQUE INDEX uq_things_a ON things (a)");
    example(
        "naming.constraint",
        "CREATE TABLE things (a int CONSTRAINT positive CHECK (a > 0))",
        "things",
        "CREATE TABLE things (a int, b int, CONSTRAINT things_a_positive CHECK (a > 0), UNIQUE (a, b))");
    example(
        "columns.primary-key",
        "CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        "things",
        "CREATE TABLE things (id uuid DEFAULT gen_random_uuid() PRIMARY KEY);"
            + " CREATE TABLE colours (code varchar(50) PRIMARY KEY);"
            + " CREATE TABLE thing_colours (thing_id uuid REFERENCES things, colour_code varchar(50) REFERENCES colours,"
            + " PRIMARY KEY (thing_id, colour_code))");
    example("columns.primary-key", "CREATE TABLE things (id uuid)", "things", "SELECT 1");
    example(
        "columns.standard",
        "CREATE TABLE things (created_at timestamptz NOT NULL DEFAULT now(),"
            + " updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz, version bigint NOT NULL DEFAULT 1)",
        "things.version",
        "CREATE TABLE things (created_at timestamptz NOT NULL DEFAULT now(),"
            + " updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz, version int NOT NULL DEFAULT 1)");
    example(
        "columns.standard",
        "CREATE TABLE colours (code varchar(50) PRIMARY KEY, label varchar(255) NOT NULL, sort_order int NOT NULL)",
        "colours.is_active",
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';"
            + " CREATE TABLE events (created_at timestamptz NOT NULL DEFAULT now());"
            + " CREATE TRIGGER refuse_change BEFORE UPDATE ON events EXECUTE FUNCTION refuse_change()");
    example(
        "columns.change-recorded",
        "CREATE TABLE things (updated_at timestamptz, version int)",
        "things",
        "CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            + " CREATE TABLE things (updated_at timestamptz, version int);"
            + " CREATE TRIGGER record_change BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION record_change();"
            + " CREATE TABLE versions (version int)");
    example(
        "types.timestamptz",
        "CREATE TABLE things (made timestamp)",
        "things.made",
        "CREATE TABLE things (made timestamptz(3), day date)");
    example(
        "types.timestamptz",
        "CREATE TABLE things (made_at bigint)",
        "things.made_at",
        "CREATE TABLE things (made_at timestamptz)");
    example(
        "types.money",
        "CREATE TABLE things (unit_price numeric(10,2))",
        "things.unit_price",
        "CREATE TABLE things (unit_price numeric(19,4), cost_nano_usd bigint, priced boolean, cost_centre text)");
    example(
        "types.money",
        "CREATE TABLE things (budget double precision)",
        "things.budget",
        "CREATE TABLE things (budget_percent integer)");
    example(
        "types.better-one",
        "CREATE TABLE things (a json)",
        "things.a",
        "CREATE TABLE things (a jsonb, currency char(3), b varchar(9), c double precision)");
    example(
        "types.inet",
        "CREATE TABLE things (ip_address varchar(45))",
        "things.ip_address",
        "CREATE TABLE things (ip_address inet, recipe text, zip text)");
    example(
        "types.text-bounded",
        "CREATE TABLE things (organization_id uuid, a text, CHECK (a ~ '\\S'))",
        "things.a",
        "CREATE TABLE things (organization_id uuid, a text CHECK (length(a) <= 9), b varchar(9),"
            + " c text CHECK (c IN ('x', 'y')), d text CHECK (d ~ '^[a-z]{1,9}$'));"
            + " CREATE TABLE notes (a text)");
    example(
        "types.boolean-decided",
        "CREATE TABLE things (done boolean NOT NULL)",
        "things.done",
        "CREATE TABLE things (done boolean NOT NULL DEFAULT false, all_done boolean[])");
    example(
        "index.foreign-key",
        "CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE things (user_id uuid REFERENCES users, a int);"
            + " CREATE INDEX i ON things (a, user_id); CREATE INDEX j ON things (user_id) WHERE a > 0",
        "things.user_id",
        "CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE things (user_id uuid REFERENCES users, a int);"
            + " CREATE INDEX i ON things (user_id, a) WHERE user_id IS NOT NULL");
    example(
        "index.foreign-key",
        "CREATE TABLE users (organization_id uuid, id uuid, UNIQUE (organization_id, id));"
            + " CREATE TABLE things (organization_id uuid, user_id uuid,"
            + " FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id));"
            + " CREATE INDEX i ON things (organization_id)",
        "things.user_id",
        "CREATE TABLE users (organization_id uuid, id uuid, UNIQUE (organization_id, id));"
            + " CREATE TABLE things (organization_id uuid, user_id uuid,"
            + " FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id));"
            + " CREATE INDEX i ON things (user_id, organization_id)");
    example(
        "index.valid",
        "CREATE TABLE things (a int, at date) PARTITION BY RANGE (at);"
            + " CREATE TABLE things_1 PARTITION OF things DEFAULT; CREATE INDEX i ON ONLY things (a)",
        "things",
        "CREATE TABLE things (a int, at date) PARTITION BY RANGE (at);"
            + " CREATE TABLE things_1 PARTITION OF things DEFAULT; CREATE INDEX i ON things (a)");
    example(
        "index.redundant",
        "CREATE TABLE things (a int, b int); CREATE INDEX i ON things (a); CREATE INDEX j ON things (a, b)",
        "things",
        "CREATE TABLE things (a int, b int); CREATE UNIQUE INDEX i ON things (a); CREATE INDEX j ON things (a, b);"
            + " CREATE INDEX k ON things (b); CREATE INDEX l ON things (b, a) WHERE a > 0");
    example(
        "partition.by-time",
        "CREATE TABLE things (a int) PARTITION BY HASH (a)",
        "things",
        "CREATE TABLE things (a timestamptz) PARTITION BY RANGE (a)");
    example(
        "partition.by-time",
        "CREATE TABLE things (a int) PARTITION BY RANGE (a)",
        "things",
        "CREATE TABLE things (a date) PARTITION BY RANGE (a)");
    example(
        "partition.default",
        "CREATE TABLE things (a date) PARTITION BY RANGE (a);"
            + " CREATE TABLE things_1 PARTITION OF things FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "things",
        "CREATE TABLE things (a date) PARTITION BY RANGE (a); CREATE TABLE things_1 PARTITION OF things DEFAULT");
    example(
        "comment.missing",
        "CREATE TABLE things ()",
        "things",
        "CREATE TABLE things (); COMMENT ON TABLE things IS 'Things'");
    example(
        "comment.missing",
        "CREATE TABLE things (a int); COMMENT ON TABLE things IS 'Things'; COMMENT ON COLUMN things.a IS '[internal]'",
        "things.a",
        "CREATE TABLE things (a int); COMMENT ON TABLE things IS 'Things'; COMMENT ON COLUMN things.a IS 'A [internal]'");
    example(
        "comment.missing",
        "CREATE VIEW v AS SELECT 1 AS a",
        "v",
        "CREATE VIEW v AS SELECT 1 AS a; COMMENT ON VIEW v IS 'One'");
    example(
        "comment.missing",
        "CREATE TYPE t AS ENUM ('a')",
        "t",
        "CREATE TYPE t AS ENUM ('a'); COMMENT ON TYPE t IS 'One of a'");
    example(
        "comment.missing",
        "CREATE FUNCTION f() RETURNS int RETURN 1",
        "f()",
        "CREATE FUNCTION f() RETURNS int RETURN 1; COMMENT ON FUNCTION f() IS 'One'");
    example(
        "comment.unit",
        "CREATE TABLE things (wait_ms int); COMMENT ON COLUMN things.wait_ms IS 'How long it waits'",
        "things.wait_ms",
        "CREATE TABLE things (wait_ms int, \"alarms\" int); COMMENT ON COLUMN things.wait_ms IS 'How long it waits, milliseconds';"
            + " COMMENT ON COLUMN things.alarms IS 'How many'");
    example(
        "isolation.no-policy",
        "CREATE TABLE things (organization_id uuid)",
        "things",
        "CREATE TABLE things (organisation text)");
    example(
        "isolation.no-policy",
        "CREATE TABLE things (organization_id uuid); ALTER TABLE things ENABLE ROW LEVEL SECURITY;"
            + " CREATE POLICY p ON things USING (organization_id IS NULL)",
        "things",
        "CREATE TABLE things (organization_id uuid); ALTER TABLE things ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
            + " CREATE POLICY p ON things USING (organization_id IS NULL)");
    example(
        "isolation.no-policy",
        "CREATE TABLE organizations (id uuid); ALTER TABLE organizations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "organizations",
        "SELECT 1");
    example(
        "isolation.policy-too-wide",
        "CREATE TABLE things (organization_id uuid); CREATE POLICY p ON things FOR SELECT USING (true)",
        "things",
        "CREATE TABLE things (organization_id uuid); CREATE POLICY p ON things TO tidemark_extraction USING (true);"
            + " CREATE POLICY q ON things AS RESTRICTIVE USING (true); CREATE TABLE notes (a int);"
            + " CREATE POLICY p ON notes USING (true)");
    example(
        "isolation.partition-open",
        "CREATE TABLE things (organization_id uuid, at date) PARTITION BY RANGE (at);"
            + " CREATE TABLE things_1 PARTITION OF things DEFAULT; GRANT SELECT ON things_1 TO tidemark_service",
        "things",
        "CREATE TABLE things (organization_id uuid, at date) PARTITION BY RANGE (at);"
            + " CREATE TABLE things_1 PARTITION OF things DEFAULT; GRANT SELECT ON things TO tidemark_service");
    example(
        "isolation.reference-across-tenants",
        "CREATE TABLE users (id uuid PRIMARY KEY, organization_id uuid NOT NULL);"
            + " CREATE TABLE things (organization_id uuid NOT NULL, user_id uuid REFERENCES users)",
        "things.user_id",
        "CREATE TABLE roles (id uuid PRIMARY KEY, organization_id uuid); CREATE TABLE models (id uuid PRIMARY KEY);"
            + " CREATE TABLE things (organization_id uuid NOT NULL, role_id uuid REFERENCES roles, model_id uuid REFERENCES models)");
    example(
        "isolation.shared-table-writable",
        "CREATE TABLE models (a int); GRANT SELECT, UPDATE ON models TO tidemark_service",
        "models",
        "CREATE TABLE models (a int); GRANT SELECT ON models TO tidemark_service; GRANT INSERT ON models TO tidemark_seeding;"
            + " CREATE TABLE things (organization_id uuid); GRANT INSERT ON things TO tidemark_service");
    example(
        "isolation.view-rights",
        "CREATE VIEW v AS SELECT 1 AS a",
        "v",
        "CREATE VIEW v WITH (security_invoker = true) AS SELECT 1 AS a");
    example(
        "isolation.materialized-view",
        "CREATE MATERIALIZED VIEW v AS SELECT NULL::uuid AS organization_id; GRANT SELECT ON v TO tidemark_service",
        "v",
        "CREATE MATERIALIZED VIEW v AS SELECT NULL::uuid AS organization_id; GRANT SELECT ON v TO tidemark_extraction;"
            + " CREATE MATERIALIZED VIEW w AS SELECT 1 AS a; GRANT SELECT ON w TO tidemark_service");
    example(
        "privilege.too-wide",
        "CREATE TABLE things (a int); GRANT DELETE ON things TO tidemark_service",
        "things",
        "CREATE TABLE things (a int); GRANT DELETE ON things TO tidemark_migration; GRANT UPDATE ON things TO tidemark_service");
    example(
        "privilege.too-wide",
        "CREATE TABLE things (a int); GRANT TRUNCATE ON things TO tidemark_migration",
        "things",
        "SELECT 1");
    example(
        "privilege.too-wide",
        "CREATE TABLE things (a int); GRANT SELECT ON things TO PUBLIC",
        "things",
        "SELECT 1");
    example(
        "privilege.too-wide",
        "CREATE TABLE things (a int); GRANT SELECT ON things TO tidemark_service WITH GRANT OPTION",
        "things",
        "SELECT 1");
    example(
        "privilege.definer",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC",
        "f()",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT 1';"
            + " REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            + " CREATE FUNCTION h() RETURNS int SECURITY DEFINER RETURN 1; REVOKE EXECUTE ON FUNCTION h() FROM PUBLIC");
    example(
        "privilege.definer",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT 1'",
        "f()",
        "SELECT 1");
    example(
        "relation.restrict",
        "CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE things (user_id uuid REFERENCES users ON DELETE CASCADE)",
        "things.user_id",
        "CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE things (user_id uuid REFERENCES users ON DELETE RESTRICT, old_user_id uuid REFERENCES users)");
    example(
        "relation.enforced",
        "CREATE TABLE things (user_id uuid)",
        "things.user_id",
        "CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE things (user_id uuid REFERENCES users, request_id text, paid boolean)");
    example(
        "sensitive.plaintext",
        "CREATE TABLE people (email varchar(320))",
        "people.email",
        "CREATE TABLE people (email_hmac bytea, email_ciphertext bytea, email_verified boolean, input_tokens bigint, token uuid)");
    example(
        "sensitive.plaintext",
        "CREATE TABLE people (mfa_secret text)",
        "people.mfa_secret",
        "CREATE TABLE people (secret_kind text, key_prefix text)");
    example(
        "sensitive.plaintext",
        "CREATE TABLE people (password bytea)",
        "people.password",
        "CREATE TABLE people (password_hash bytea, password_changed_at timestamptz)");
    example(
        "sensitive.key-id",
        "CREATE TABLE people (email_ciphertext bytea)",
        "people.email_ciphertext",
        "CREATE TABLE people (email_ciphertext bytea, email_key_id text); CREATE TABLE notes (a_ciphertext bytea, encryption_key_id text)");
    example(
        "sensitive.digest-length",
        "CREATE TABLE people (email_hmac bytea CHECK (octet_length(email_hmac) > 1))",
        "people.email_hmac",
        "CREATE TABLE people (email_hmac bytea CHECK (octet_length(email_hmac) = 32), commit_hash text)");
  }

  private static void example(String rule, String broken, String where, String near) {
    EXAMPLES.add(new Example(rule, broken, where, near));
  }

  static Stream<Arguments> examples() {
    return IntStream.range(0, EXAMPLES.size())
        .mapToObj(i -> Arguments.of(EXAMPLES.get(i).rule(), EXAMPLES.get(i).broken(), i));
  }

  @BeforeAll
  static void makeAll() throws SQLException {
    Database database = POSTGRES.newDatabase();
    for (String role : List.of("service", "extraction", "migration", "seeding")) {
      execute(
          database,
          "DO $$ BEGIN CREATE ROLE tidemark_%s; EXCEPTION WHEN duplicate_object THEN END $$"
              .formatted(role));
    }
    for (int i = 0; i < EXAMPLES.size(); i++) {
      make(database, "broken_" + i, EXAMPLES.get(i).broken());
      make(database, "near_" + i, EXAMPLES.get(i).near());
    }
    catalogue = CatalogueReader.read(database);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("examples")
  void isBroken(String rule, String sql, int number) {
    assertThat(findings(rule, "broken_" + number)).containsExactly(EXAMPLES.get(number).where());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("examples")
  void isNearlyBroken(String rule, String sql, int number) {
    assertThat(findings(rule, "near_" + number)).isEmpty();
  }

  @Test
  void everyRuleIsTried() {
    assertThat(EXAMPLES.stream().map(Example::rule).distinct())
        .containsExactlyInAnyOrderElementsOf(
            DesignRules.rules(Optional.empty(), true).map(Rule::id).toList());
  }

  private static void make(Database database, String schema, String sql) throws SQLException {
    execute(database, "CREATE SCHEMA %s; SET search_path = %s; %s".formatted(schema, schema, sql));
  }

  /** What the rule finds in a schema, without the schema's name. */
  private static List<String> findings(String rule, String schema) {
    return DesignRules.rules(Optional.empty(), true)
        .filter(candidate -> candidate.id().equals(rule))
        .flatMap(candidate -> candidate.findings(catalogue))
        .filter(finding -> finding.table().startsWith(schema + "."))
        .map(
            finding ->
                finding.table().substring(schema.length() + 1)
                    + finding.column().map(column -> "." + column).orElse(""))
        .toList();
  }
}
