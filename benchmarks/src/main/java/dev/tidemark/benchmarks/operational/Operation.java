package dev.tidemark.benchmarks.operational;

import dev.tidemark.benchmarks.generator.Zipf;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Something that services ask of the database all day.
 *
 * @param name as figures call it
 * @param resource its SQL
 * @param role the database role that asks
 * @param goalMillis the 99th percentile that it is to keep below, milliseconds
 * @param partitions how many partitions it needs; a plan that touches more is a finding
 * @param tenant chooses the organization's number by random bits
 * @param values sets the parameters
 */
record Operation(
    String name,
    String resource,
    String role,
    double goalMillis,
    int partitions,
    Tenant tenant,
    Values values) {
  private static final String SERVICE = "tidemark_service";
  private static final String AUDITOR = "tidemark_auditor";
  private static final String ACROSS_TENANTS = "tidemark_extraction";
  private static final String IN_MEMORY = "key_authentication_in_memory";
  private static final Set<String> ALWAYS_FIND =
      Set.of(
          "primary_key",
          "key_authentication",
          IN_MEMORY,
          "tenant_list",
          "audit_page",
          "dashboard_largest",
          "usage_insert_even",
          "usage_insert_hot");
  private static final AtomicLong NEW_EVENTS = new AtomicLong(System.nanoTime());

  /** Chooses an organization. */
  @FunctionalInterface
  interface Tenant {
    long organization(Scale scale, long random);
  }

  /** Sets the parameters from the index {@code first}. */
  @FunctionalInterface
  interface Values {
    void set(PreparedStatement statement, int first, Scale scale, long organization, long random)
        throws SQLException;
  }

  /** All of them, in the order of the report. */
  static List<Operation> all() {
    Zipf zipf = new Zipf(EventRows.ORGANIZATIONS);
    Tenant any = (scale, random) -> Math.floorMod(random, scale.organizations());
    Tenant withWorkspace = Scale::withWorkspace;
    Tenant spender = (scale, random) -> Math.floorMod(zipf.rank(random), scale.organizations());
    Tenant hot = (scale, random) -> 0;
    Tenant audited = (scale, random) -> Math.floorMod(random, OperationalData.audited(scale));
    ZonedDateTime month =
        Instant.now().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
    return List.of(
        new Operation("primary_key", "primary-key", SERVICE, 5, 0, any, Operation::organization),
        new Operation(
            "key_authentication", "key-authentication", SERVICE, 5, 0, any, Operation::keyHash),
        new Operation(IN_MEMORY, "key-authentication", SERVICE, 5, 0, any, Operation::keyHash),
        new Operation(
            "tenant_list", "tenant-list", SERVICE, 50, 0, withWorkspace, Operation::nothing),
        new Operation("month_budget", "month-budget", SERVICE, 50, 1, spender, Operation::nothing),
        new Operation(
            "audit_page",
            "audit-page",
            AUDITOR,
            50,
            1,
            audited,
            period(month, month.plusMonths(1))),
        new Operation(
            "workflow_search", "workflow-search", SERVICE, 200, 0, withWorkspace, Operation::query),
        new Operation(
            "workflow_search_largest", "workflow-search", SERVICE, 200, 0, hot, Operation::query),
        new Operation(
            "dashboard",
            "dashboard",
            SERVICE,
            500,
            1,
            spender,
            period(month.minusMonths(1), month)),
        new Operation(
            "dashboard_largest",
            "dashboard",
            SERVICE,
            500,
            1,
            hot,
            period(month.minusMonths(1), month)),
        new Operation(
            "cross_tenant_report",
            "cross-tenant-report",
            ACROSS_TENANTS,
            30_000,
            1,
            any,
            period(month.minusMonths(1), month)),
        new Operation(
            "usage_insert_even", "usage-insert", SERVICE, 50, 1, any, Operation::newEvent),
        new Operation("usage_insert_hot", "usage-insert", SERVICE, 50, 1, hot, Operation::newEvent),
        new Operation(
            "usage_insert_idempotent",
            "usage-insert-idempotent",
            SERVICE,
            50,
            1,
            any,
            Operation::repeatedEvent));
  }

  /** Whether it has to give a row each time; else it would measure nothing. */
  boolean alwaysFinds() {
    return ALWAYS_FIND.contains(name);
  }

  /** Whether it is asked of a server that has been asked for long enough to know all of it. */
  boolean inMemory() {
    return IN_MEMORY.equals(name);
  }

  private static void nothing(
      PreparedStatement statement, int first, Scale scale, long organization, long random) {
    // The tenant is all that it takes.
  }

  private static void organization(
      PreparedStatement statement, int first, Scale scale, long organization, long random)
      throws SQLException {
    statement.setObject(first, Identifiers.ORGANIZATION.of(organization));
  }

  private static void keyHash(
      PreparedStatement statement, int first, Scale scale, long organization, long random)
      throws SQLException {
    statement.setBytes(first, Identifiers.API_KEY.hash(organization));
  }

  private static void query(
      PreparedStatement statement, int first, Scale scale, long organization, long random)
      throws SQLException {
    statement.setString(first, Words.of(random, 2));
  }

  private static Values period(ZonedDateTime from, ZonedDateTime to) {
    return (statement, first, scale, organization, random) -> {
      statement.setObject(first, from.toOffsetDateTime());
      statement.setObject(first + 1, to.toOffsetDateTime());
    };
  }

  private static void newEvent(
      PreparedStatement statement, int first, Scale scale, long organization, long random)
      throws SQLException {
    statement.setObject(first, Identifiers.NEW_EVENT.of(NEW_EVENTS.incrementAndGet()));
    measures(statement, first + 1, organization, random);
  }

  /** Every second one was delivered before. */
  private static void repeatedEvent(
      PreparedStatement statement, int first, Scale scale, long organization, long random)
      throws SQLException {
    long number = NEW_EVENTS.incrementAndGet();
    long delivered = number - number % 2;
    Instant occurredAt = Instant.now().truncatedTo(ChronoUnit.HOURS);
    statement.setObject(first, Identifiers.NEW_EVENT.of(-delivered));
    statement.setTimestamp(first + 1, Timestamp.from(occurredAt));
    measures(statement, first + 2, organization, random);
  }

  private static void measures(
      PreparedStatement statement, int first, long organization, long random) throws SQLException {
    statement.setObject(first, Identifiers.USER.of(organization));
    statement.setObject(first + 1, Identifiers.API_KEY.of(organization));
    statement.setString(first + 2, EventRows.provider(random));
    statement.setString(first + 3, EventRows.model(random));
    statement.setLong(first + 4, 100 + (random & 0xFFF));
    statement.setLong(first + 5, 10 + (random >>> 12 & 0x3FF));
    statement.setInt(first + 6, EventRows.latencyMillis(random));
    statement.setLong(first + 7, 1_000_000 + (random >>> 20 & 0xFFFFF));
  }
}
