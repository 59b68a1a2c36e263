package dev.tidemark.migrator.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tries every table, partition and view that the catalogue has, as every role, with the rows of two
 * tenants in the resources {@code tenants/<change set>.sql}. A table that is added without
 * isolation, or without rows to try it with, fails here by its name.
 */
class IsolationIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String MINE = Trial.id("organization");
  private static final String OTHER = Trial.id("second.organization");

  /** The roles that work for one tenant, and one with every right on tables that is no member. */
  static final List<String> BOUND_ROLES = List.of("service", "analytics", "auditor", "stranger");

  private static final List<String> MEMBERS =
      List.of("service", "analytics", "auditor", "extraction", "migration", "seeding");

  /** insufficient_privilege, restrict_violation, and that of views that cannot be written. */
  private static final Set<String> REFUSALS = Set.of("42501", "23001", "55000");

  private static Database database;
  private static List<Relation> relations;

  /** Row of the other tenant as JSON, by relation; none where there is no such row. */
  private static final Map<String, String> OTHERS_ROWS = new HashMap<>();

  /**
   * What holds rows of tenants.
   *
   * @param tenantColumn whose values are organizations' ids
   * @param insertable columns that an INSERT may name, joined by commas
   */
  private record Relation(
      String name, char kind, boolean partition, String tenantColumn, String insertable) {
    boolean written() {
      return kind != 'm';
    }

    /**
     * A materialized view has no policies: what keeps tenants away is that they may not read it.
     */
    boolean guarded(String role) {
      return kind != 'm' || MEMBERS.contains(role);
    }

    /** Whether it shows the rows of the session's tenant to everybody, its owner included. */
    boolean ofSession() {
      return name.startsWith("current_organization_");
    }

    /** Whether no row outlives its transaction, so that there are never any to be tried. */
    boolean transientRows() {
      return name.equals("audit_events");
    }

    /** Whether rows lie in it that can be tried; a partition may be empty. */
    boolean filled() {
      return OTHERS_ROWS.containsKey(name);
    }
  }

  @BeforeAll
  static void fill() throws SQLException, IOException {
    database = POSTGRES.newMigratedDatabase();
    Trial.with(database, scripts());
    for (String view :
        Sql.column(
            database,
            "SELECT oid::regclass FROM pg_class WHERE relkind = 'm'"
                + " AND relnamespace = 'public'::regnamespace")) {
      Sql.execute(database, "REFRESH MATERIALIZED VIEW " + view);
    }
    relations = relations();
    for (Relation relation : relations) {
      Sql.column(
              database,
              "SELECT to_jsonb(r) FROM %s AS r WHERE %s = '%s' LIMIT 1"
                  .formatted(relation.name(), relation.tenantColumn(), OTHER))
          .forEach(row -> OTHERS_ROWS.put(relation.name(), row));
    }
    for (String role : MEMBERS) {
      createLogin(role, "IN ROLE tidemark_" + role);
    }
    createLogin("stranger", "");
    Sql.execute(
        database,
        "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO "
            + login("stranger"));
  }

  @AfterAll
  static void dropLogins() throws SQLException {
    Sql.execute(database, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM " + login("stranger"));
    for (String role : MEMBERS) {
      Sql.execute(database, "DROP ROLE " + login(role));
    }
    Sql.execute(database, "DROP ROLE " + login("stranger"));
  }

  @Test
  void everyTableOfTenantsIsIsolatedByTheSameTwoPolicies() throws SQLException {
    for (Relation table : tables()) {
      assertThat(
              Sql.column(
                  database,
                  "SELECT format('%s %s %s to %s as %s sees %s writes %s', relrowsecurity,"
                      + " relforcerowsecurity, polname, (SELECT string_agg(CASE WHEN r = 0 THEN"
                      + " 'all' ELSE r::regrole::text END, ',' ORDER BY r::regrole::text) FROM"
                      + " unnest(polroles) AS r), polcmd, pg_get_expr(polqual, polrelid),"
                      + " pg_get_expr(polwithcheck, polrelid)) FROM pg_class AS c JOIN pg_policy"
                      + " ON polrelid = c.oid WHERE c.oid = '"
                      + table.name()
                      + "'::regclass AND polpermissive ORDER BY polname"))
          .as(table.name())
          .containsExactly(
              "t t across_tenants to tidemark_extraction,tidemark_migration,tidemark_seeding"
                  + " as * sees true writes true",
              "t t tenant to all as * sees (%1$s = ( SELECT current_organization_id() AS"
                      .formatted(table.tenantColumn())
                  + " current_organization_id)) writes (%1$s = ( SELECT current_organization_id()"
                      .formatted(table.tenantColumn())
                  + " AS current_organization_id))");
    }
  }

  @Test
  void everyTableOfTenantsHasRowsOfBothToBeTriedWith() throws SQLException {
    for (Relation relation : relations) {
      if (!relation.partition() && !relation.ofSession() && !relation.transientRows()) {
        assertThat(
                Sql.column(
                    database,
                    "SELECT DISTINCT %1$s FROM %2$s WHERE %1$s IN ('%3$s', '%4$s')"
                        .formatted(relation.tenantColumn(), relation.name(), MINE, OTHER)))
            .as(relation.name() + ": add rows to tenants/<change set>.sql")
            .containsExactlyInAnyOrder(MINE, OTHER);
      }
    }
    assertThat(relations).filteredOn(Relation::partition).filteredOn(Relation::filled).isNotEmpty();
  }

  /** What has no tenant is the same for all: nobody who works for one tenant may write it. */
  @Test
  void tablesWithoutATenantAreNotWrittenByThoseWhoWorkForOne() throws SQLException {
    List<String> ofTenants = relations.stream().map(Relation::name).toList();
    List<String> global =
        Sql.column(
                database,
                "SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
                    + " AND relnamespace = 'public'::regnamespace ORDER BY 1")
            .stream()
            .filter(name -> !ofTenants.contains(name))
            .toList();

    assertThat(global).contains("models", "roles", "regions");
    for (String table : global) {
      assertThat(
              Sql.column(
                  database,
                  "SELECT r FROM unnest(ARRAY['tidemark_service', 'tidemark_analytics',"
                      + " 'tidemark_auditor']) AS r WHERE has_table_privilege(r, '"
                      + table
                      + "', 'INSERT, UPDATE, DELETE, TRUNCATE')"
                      + " OR has_any_column_privilege(r, '"
                      + table
                      + "', 'INSERT, UPDATE')"))
          .as(table)
          .isEmpty();
      assertThat(
              Sql.column(
                  database,
                  "SELECT confrelid::regclass FROM pg_constraint WHERE contype = 'f' AND conrelid"
                      + " = '%s'::regclass".formatted(table)))
          .as(table + " without a tenant refers to")
          .doesNotContainAnyElementsOf(ofTenants);
    }
  }

  @ParameterizedTest
  @FieldSource("BOUND_ROLES")
  void whoWorksForOneTenantSeesItsRowsOnly(String role) throws SQLException {
    List<String> breaches = new ArrayList<>();
    int seen = 0;
    try (Connection connection = connect(role, MINE)) {
      for (Relation relation : guarded(role)) {
        Attempt attempt = read(connection, relation);
        if (attempt.allowed()) {
          seen += attempt.rows();
          if (attempt.othersRows() > 0) {
            breaches.add(relation.name() + " shows rows of another tenant");
          } else if (attempt.rows() == 0 && relation.filled()) {
            breaches.add(relation.name() + " hides the tenant's own rows");
          }
        } else if (role.equals("stranger")) {
          breaches.add(relation.name() + " was not tried: " + attempt.state());
        }
      }
    }
    assertThat(breaches).isEmpty();
    assertThat(seen).isPositive();
  }

  @ParameterizedTest
  @FieldSource("BOUND_ROLES")
  void withoutATenantNothingIsSeen(String role) throws SQLException {
    List<String> breaches = new ArrayList<>();
    for (String tenant : List.of("", "00000000-0000-0000-0000-000000000000")) {
      try (Connection connection = connect(role, tenant)) {
        for (Relation relation : guarded(role)) {
          Attempt attempt = read(connection, relation);
          if (attempt.allowed() && attempt.rows() > 0) {
            breaches.add(relation.name() + " for tenant '" + tenant + "'");
          }
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("BOUND_ROLES")
  void whoWorksForOneTenantChangesNothingOfAnother(String role) throws SQLException {
    List<String> breaches = new ArrayList<>();
    for (String tenant : List.of(MINE, "")) {
      try (Connection connection = connect(role, tenant)) {
        for (Relation relation : relations) {
          if (relation.written()) {
            for (String sql : changes(relation)) {
              Attempt attempt = attempt(connection, sql);
              if (attempt.allowed() && attempt.rows() > 0) {
                breaches.add(sql);
              } else if (!attempt.harmless()) {
                breaches.add(sql + " was not tried: " + attempt.state());
              }
            }
          }
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  private static List<String> changes(Relation relation) {
    List<String> changes = new ArrayList<>();
    String where = " WHERE %s = '%s'".formatted(relation.tenantColumn(), OTHER);
    changes.add(
        "UPDATE %1$s SET %2$s = '%3$s'%4$s"
            .formatted(relation.name(), relation.tenantColumn(), MINE, where));
    changes.add("DELETE FROM " + relation.name() + where);
    changes.add(
        "UPDATE %1$s SET %2$s = '%3$s' WHERE %2$s = '%4$s'"
            .formatted(relation.name(), relation.tenantColumn(), OTHER, MINE));
    if (relation.filled()) {
      changes.add(
          "INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, '%3$s')"
              .formatted(
                  relation.name(),
                  relation.insertable(),
                  OTHERS_ROWS.get(relation.name()).replace("'", "''")));
    }
    return changes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"service", "analytics", "auditor", "extraction", "migration", "seeding"})
  void nobodyTruncates(String role) throws SQLException {
    List<String> breaches = new ArrayList<>();
    try (Connection connection = connect(role, MINE)) {
      for (Relation table : tables()) {
        Attempt attempt = attempt(connection, "TRUNCATE " + table.name() + " CASCADE");
        if (attempt.allowed() || !attempt.harmless()) {
          breaches.add(table.name() + " " + attempt);
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"extraction", "migration", "seeding"})
  void whoWorksForAllTenantsSeesTheRowsOfAll(String role) throws SQLException {
    List<String> breaches = new ArrayList<>();
    int tried = 0;
    try (Connection connection = connect(role, "")) {
      for (Relation table : tables()) {
        Attempt attempt = read(connection, table);
        if (attempt.allowed() && table.filled()) {
          tried++;
          if (attempt.othersRows() == 0 || attempt.othersRows() == attempt.rows()) {
            breaches.add(table.name() + " does not show both tenants' rows");
          }
        }
      }
    }
    assertThat(breaches).isEmpty();
    assertThat(tried).isPositive();
  }

  @Test
  void anOwnerWhoIsNoMemberOfMigrationSeesNothing() throws SQLException {
    Database other = POSTGRES.newMigratedDatabase();
    Trial.with(other, scripts());
    String owner = login("owner");
    Sql.execute(other, "CREATE ROLE " + owner + " LOGIN PASSWORD 'x'");
    try {
      Sql.execute(
          other,
          "GRANT %s TO CURRENT_USER".formatted(owner),
          "GRANT CREATE ON SCHEMA public TO " + owner);
      for (Relation table : tables()) {
        if (!table.partition()) {
          Sql.execute(other, "ALTER TABLE %s OWNER TO %s".formatted(table.name(), owner));
        }
      }
      List<String> breaches = new ArrayList<>();
      try (Connection connection = new Database(other.jdbcUrl(), owner, "x").connect()) {
        for (Relation table : tables()) {
          if (!table.partition()) {
            Attempt attempt = read(connection, table);
            if (!attempt.allowed() || attempt.rows() > 0) {
              breaches.add(table.name() + " " + attempt);
            }
          }
        }
      }
      assertThat(breaches).isEmpty();
    } finally {
      Sql.execute(
          other,
          "REASSIGN OWNED BY %s TO CURRENT_USER".formatted(owner),
          "DROP OWNED BY " + owner,
          "DROP ROLE " + owner);
    }
  }

  /** Such a function sees all tenants, so that who may call it decides what it gives away. */
  @Test
  void functionsWithTheRightsOfTheirOwnerAreNotForEverybody() throws SQLException {
    String functions =
        "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            + " AND prosecdef";

    assertThat(Sql.column(database, functions))
        .contains("authenticate_api_key(bytea)", "authenticate_session(bytea)");
    assertThat(
            Sql.column(
                database,
                functions
                    + " AND has_function_privilege('%s', oid, 'EXECUTE')"
                        .formatted(login("stranger"))))
        .isEmpty();
    // A table of the caller's in pg_temp must not take the place of ours.
    assertThat(
            Sql.column(
                database,
                functions
                    + " AND prosqlbody IS NULL AND NOT EXISTS (SELECT FROM unnest(proconfig) AS s"
                    + " WHERE s ~ '^search_path=.*pg_temp\"?$')"))
        .isEmpty();
  }

  @Test
  void aTenantThatIsNoIdentifierIsAnErrorAndNotEverything() throws SQLException {
    try (Connection connection = connect("service", "1 OR true")) {
      assertThat(attempt(connection, "SELECT FROM users").state()).isEqualTo("22P02");
    }
  }

  /**
   * What came of a statement.
   *
   * @param state SQLSTATE of the refusal; null if there was none
   * @param rows how many it gave or changed
   * @param othersRows how many of those it gave are not of tenant {@link #MINE}
   */
  private record Attempt(String state, int rows, int othersRows) {
    boolean allowed() {
      return state == null;
    }

    /** Refused for want of a right or by a rule that guards the row, or without effect. */
    boolean harmless() {
      return allowed() || REFUSALS.contains(state);
    }
  }

  private static Attempt read(Connection connection, Relation relation) throws SQLException {
    return attempt(
        connection, "SELECT %s FROM %s".formatted(relation.tenantColumn(), relation.name()));
  }

  private static Attempt attempt(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return new Attempt(null, Math.max(0, statement.getUpdateCount()), 0);
      }
      int rows = 0;
      int others = 0;
      try (ResultSet result = statement.getResultSet()) {
        while (result.next()) {
          rows++;
          others += MINE.equals(result.getString(1)) ? 0 : 1;
        }
      }
      return new Attempt(null, rows, others);
    } catch (SQLException e) {
      return new Attempt(e.getSQLState(), 0, 0);
    } finally {
      connection.rollback();
    }
  }

  private static Connection connect(String role, String tenant) throws SQLException {
    Connection connection = new Database(database.jdbcUrl(), login(role), "x").connect();
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config('app.organization_id', ?, false)")) {
      statement.setString(1, tenant);
      statement.execute();
    }
    return connection;
  }

  private static void createLogin(String role, String membership) throws SQLException {
    Sql.execute(
        database, "CREATE ROLE %s LOGIN PASSWORD 'x' %s".formatted(login(role), membership));
  }

  private static String login(String role) {
    return "isolation_" + role + "_" + ProcessHandle.current().pid();
  }

  /** The change sets that have rows to try, in their order. */
  private static String[] scripts() {
    return ChangeSets.readResources(ChangeSets.class.getClassLoader(), "db/operational").stream()
        .map(ChangeSet::name)
        .filter(name -> IsolationIT.class.getResource("tenants/" + name + ".sql") != null)
        .toArray(String[]::new);
  }

  private static List<Relation> guarded(String role) {
    return relations.stream().filter(relation -> relation.guarded(role)).toList();
  }

  private static List<Relation> tables() {
    return relations.stream().filter(r -> r.kind() == 'r' || r.kind() == 'p').toList();
  }

  private static List<Relation> relations() throws SQLException, IOException {
    List<Relation> found = new ArrayList<>();
    try (InputStream sql = IsolationIT.class.getResourceAsStream("tenant-relations.sql");
        Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(new String(sql.readAllBytes(), StandardCharsets.UTF_8))) {
      while (rows.next()) {
        found.add(
            new Relation(
                rows.getString(1),
                rows.getString(2).charAt(0),
                rows.getBoolean(3),
                rows.getString(4),
                rows.getString(5)));
      }
    }
    return found;
  }
}
