package dev.tidemark.migrator.drift;

import static dev.tidemark.migrator.testing.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DriftIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  /** A small schema with one of everything. */
  private static final String SCHEMA =
      """
      CREATE TYPE state AS ENUM ('on', 'off');
      CREATE SEQUENCE numbers;
      CREATE TABLE parents (id uuid CONSTRAINT parents_pkey PRIMARY KEY, state state NOT NULL DEFAULT 'on');
      CREATE TABLE children (
        id uuid CONSTRAINT children_pkey PRIMARY KEY,
        parent_id uuid CONSTRAINT children_parent_id_fkey REFERENCES parents,
        weight integer CONSTRAINT children_weight_positive CHECK (weight > 0));
      CREATE INDEX idx_children_parent_id ON children (parent_id);
      COMMENT ON COLUMN children.weight IS 'Weight, grams';
      CREATE TABLE events (at date NOT NULL, parent_id uuid) PARTITION BY RANGE (at);
      CREATE INDEX idx_events_parent_id ON events (parent_id);
      CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER refuse BEFORE DELETE ON children FOR EACH ROW EXECUTE FUNCTION refuse();
      CREATE POLICY mine ON children USING (weight < 9);
      CREATE VIEW heavy AS SELECT id FROM children WHERE weight > 5;
      GRANT SELECT ON children TO pg_monitor;
      """;

  private static Catalogue expected;

  @BeforeAll
  static void readTheExpected() throws SQLException {
    expected = CatalogueReader.read(made());
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("CREATE TABLE strays (id int)", "table strays is there, but no change set makes it"),
        change(
            "DROP VIEW heavy; DROP TABLE children",
            "table children is missing",
            "view heavy is missing: SELECT id FROM children WHERE (weight > 5);"),
        change(
            "ALTER TABLE children ADD COLUMN name text DEFAULT 'x'",
            "column children.name is there, but no change set makes it: text, null, 'x'::text"),
        change(
            "ALTER TABLE parents DROP COLUMN state",
            "column parents.state is missing: state, not null, 'on'::state"),
        change(
            "ALTER TABLE events ALTER parent_id TYPE text",
            "column events.parent_id: its type is text, expected uuid"),
        change(
            "ALTER TABLE parents ALTER state DROP NOT NULL",
            "column parents.state: its nullability is null, expected not null"),
        change(
            "ALTER TABLE parents ALTER state DROP DEFAULT",
            "column parents.state: its default is nothing, expected 'on'::state"),
        change(
            "COMMENT ON COLUMN children.weight IS NULL",
            "column children.weight: its comment is nothing, expected Weight, grams"),
        change(
            "ALTER TABLE children DROP CONSTRAINT children_weight_positive",
            "constraint children_weight_positive on children is missing: CHECK ((weight > 0))"),
        change(
            "ALTER TABLE children DROP CONSTRAINT children_parent_id_fkey;"
                + " ALTER TABLE children ADD CONSTRAINT children_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES parents NOT VALID",
            "constraint children_parent_id_fkey on children: its definition is FOREIGN KEY (parent_id) REFERENCES parents(id) NOT VALID,"
                + " expected FOREIGN KEY (parent_id) REFERENCES parents(id)",
            "constraint children_parent_id_fkey on children: its state is not validated, expected nothing"),
        change(
            "DROP INDEX idx_children_parent_id",
            "index idx_children_parent_id on children is missing: CREATE INDEX idx_children_parent_id ON public.children USING btree (parent_id)"),
        change(
            "DROP INDEX idx_events_parent_id; CREATE INDEX idx_events_parent_id ON ONLY events (parent_id)",
            "index idx_events_parent_id on events: its state is invalid, expected nothing"),
        change(
            "DROP TRIGGER refuse ON children",
            "trigger refuse on children is missing: CREATE TRIGGER refuse BEFORE DELETE ON public.children FOR EACH ROW EXECUTE FUNCTION refuse(), origin"),
        change(
            "ALTER TABLE children DISABLE TRIGGER refuse",
            "trigger refuse on children: its firing is disabled, expected origin"),
        change(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
            "function refuse(): its body is BEGIN RETURN OLD; END, expected BEGIN RETURN NULL; END"),
        change(
            "ALTER FUNCTION refuse() SECURITY DEFINER",
            "function refuse(): its rights is SECURITY DEFINER, expected nothing"),
        change(
            "ALTER TYPE state ADD VALUE 'broken'",
            "enum type state: its content is on, off, broken, expected on, off"),
        change(
            "ALTER POLICY mine ON children USING (true)",
            "policy mine on children: its using is true, expected (weight < 9)"),
        change(
            "ALTER TABLE children ENABLE ROW LEVEL SECURITY",
            "table children: its row-level security is enabled, expected nothing"),
        change(
            "GRANT UPDATE (weight), INSERT ON children TO pg_monitor",
            "grant to pg_monitor on children: its privileges is INSERT, SELECT, UPDATE (weight), expected SELECT"),
        change(
            "GRANT SELECT ON parents TO PUBLIC",
            "grant to PUBLIC on parents is there, but no change set makes it: SELECT"),
        change(
            "REVOKE EXECUTE ON FUNCTION refuse() FROM PUBLIC",
            "grant to PUBLIC on function refuse() is missing: EXECUTE"),
        change(
            "CREATE OR REPLACE VIEW heavy AS SELECT id FROM children WHERE weight > 6",
            "view heavy: its definition is SELECT id FROM children WHERE (weight > 6);, expected SELECT id FROM children WHERE (weight > 5);"),
        change(
            "CREATE MATERIALIZED VIEW copies AS SELECT 1 AS a",
            "materialized view copies is there, but no change set makes it: SELECT 1 AS a;"),
        change(
            "ALTER SEQUENCE numbers CYCLE",
            "sequence numbers: its definition is bigint START 1 INCREMENT 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1 CYCLE,"
                + " expected bigint START 1 INCREMENT 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1"),
        change(
            "CREATE SCHEMA strays; CREATE TABLE strays.t (id int)",
            "schema strays is there, but no change set makes it",
            "table strays.t is there, but no change set makes it"));
  }

  private static Arguments change(String sql, String... messages) {
    return Arguments.of(sql, List.of(messages));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void everyDifferenceIsNamedOnceAndNothingElse(String sql, List<String> messages)
      throws SQLException {
    Database database = made();
    execute(database, sql);

    assertThat(Drift.between(expected, CatalogueReader.read(database)))
        .extracting(Difference::message)
        .containsExactlyInAnyOrderElementsOf(messages);
  }

  @Test
  void whatIsTheSameHasNoDifferences() throws SQLException {
    assertThat(Drift.between(expected, CatalogueReader.read(made()))).isEmpty();
  }

  @Test
  void partitionsAreNoDifference() throws SQLException {
    Database database = made();
    execute(
        database,
        "DROP TABLE events_1",
        "CREATE TABLE later PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
        "CREATE TABLE rest PARTITION OF events DEFAULT PARTITION BY RANGE (at)",
        "CREATE TABLE rest_of_rest PARTITION OF rest DEFAULT",
        "GRANT SELECT ON later TO pg_monitor");

    assertThat(Drift.between(expected, CatalogueReader.read(database))).isEmpty();
  }

  @Test
  void whatSomebodyMadeInTheMigratorsOwnSchemaIsADifference() throws SQLException {
    Database database = made();
    execute(
        database,
        "CREATE SCHEMA tidemark",
        "CREATE TABLE tidemark.change_set_history (version text)",
        "CREATE TABLE tidemark.strays (id int)");

    assertThat(Drift.between(expected, CatalogueReader.read(database)))
        .extracting(Difference::object)
        .containsExactly("tidemark.strays");
  }

  @Test
  void theSearchPathOfTheRoleIsNoDifference() throws SQLException {
    Database database = made();
    String name = database.address().replaceFirst(".*/", "");
    execute(
        database, "ALTER DATABASE " + name + " SET search_path = pg_catalog, information_schema");

    assertThat(CatalogueReader.read(database)).isEqualTo(expected);
  }

  @Test
  void betweenVersionsOfPostgresDefinitionsOfViewsAreNotCompared() throws SQLException {
    Database database = made();
    execute(
        database,
        "CREATE OR REPLACE VIEW heavy AS SELECT id FROM children WHERE weight > 6",
        "DROP INDEX idx_children_parent_id");
    Catalogue found = CatalogueReader.read(database);
    Catalogue older =
        new Catalogue(
            found.serverVersion() - 1,
            found.schemas(),
            found.extensions(),
            found.types(),
            found.routines(),
            found.sequences(),
            found.tables(),
            found.views());

    assertThat(Drift.between(expected, older))
        .extracting(Difference::kind)
        .containsExactly("index");
  }

  private static Database made() throws SQLException {
    Database database = POSTGRES.newDatabase();
    execute(database, SCHEMA);
    return database;
  }
}
