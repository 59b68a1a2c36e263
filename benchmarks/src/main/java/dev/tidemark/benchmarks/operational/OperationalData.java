package dev.tidemark.benchmarks.operational;

import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Makes the rows. They come in by the superuser with {@code session_replication_role = replica} and
 * with the trigger of audit entries, which does not heed that, disabled: without foreign keys being
 * looked up and without an entry a row, as they are right by construction; {@code usage_events} are
 * stamped all the same.
 */
final class OperationalData {
  private static final int WORKFLOWS = 10;
  private static final int WORKFLOWS_OF_LARGEST = 10_000;
  private static final int AUDIT_ENTRIES = 100;
  private static final long AUDITED = 1_000;
  private static final List<String> AUDITED_TABLES =
      List.of("organizations", "users", "api_keys", "budgets", "workspaces", "workflows");

  private final Database superuser;
  private final Database owner;
  private final Scale scale;
  private final Consumer<String> progress;

  OperationalData(Database superuser, Database owner, Scale scale, Consumer<String> progress) {
    this.superuser = superuser;
    this.owner = owner;
    this.scale = scale;
    this.progress = progress;
  }

  /** How many organizations have audit entries; the first ones do. */
  static long audited(Scale scale) {
    return Math.min(AUDITED, scale.organizations());
  }

  /** Fills an empty database. */
  void load() throws SQLException {
    Migrator.open(owner, Settings.parse("")).apply(ApplyOptions.all());
    auditTriggers("DISABLE");
    organizations();
    workflows();
    auditTriggers("ENABLE ALWAYS");
    events();
    auditEntries();
    progress.accept("vacuuming and analyzing");
    execute("VACUUM (ANALYZE)");
    execute("CHECKPOINT");
  }

  private void auditTriggers(String change) throws SQLException {
    for (String table : AUDITED_TABLES) {
      execute("ALTER TABLE %s %s TRIGGER audit_change".formatted(table, change));
    }
  }

  private void organizations() throws SQLException {
    long count = scale.organizations();
    load(
        "organizations (id, name, slug)",
        count,
        (text, n) ->
            text.append(Identifiers.ORGANIZATION.of(n))
                .append("\tOrganization ")
                .append(n)
                .append("\torganization-")
                .append(n)
                .append('\n'));
    load(
        "users (id, organization_id, kind, full_name)",
        count,
        (text, n) ->
            text.append(Identifiers.USER.of(n))
                .append('\t')
                .append(Identifiers.ORGANIZATION.of(n))
                .append("\tservice_account\tProgram ")
                .append(n)
                .append('\n'));
    load(
        "api_keys (id, organization_id, user_id, name, key_prefix, key_hash, scopes)",
        count,
        (text, n) ->
            text.append(Identifiers.API_KEY.of(n))
                .append('\t')
                .append(Identifiers.ORGANIZATION.of(n))
                .append('\t')
                .append(Identifiers.USER.of(n))
                .append("\tKey\ttm_")
                .append(n % 10_000_000)
                .append("\t\\\\x")
                .append(HexFormat.of().formatHex(Identifiers.API_KEY.hash(n)))
                .append("\t{models:call}\n"));
    load(
        "budgets (id, organization_id, period, limit_amount)",
        count,
        (text, n) ->
            text.append(Identifiers.BUDGET.of(n))
                .append('\t')
                .append(Identifiers.ORGANIZATION.of(n))
                .append("\tmonth\t")
                .append(100 + n % 900)
                .append('\n'));
  }

  private void workflows() throws SQLException {
    load(
        "workspaces (id, organization_id, name, slug)",
        (scale.organizations() + 99) / 100,
        (text, n) ->
            text.append(Identifiers.WORKSPACE.of(n * 100))
                .append('\t')
                .append(Identifiers.ORGANIZATION.of(n * 100))
                .append("\tMain\tmain\n"));
    long count = WORKFLOWS_OF_LARGEST + (scale.organizations() + 99) / 100 * WORKFLOWS;
    load("workflows (id, organization_id, workspace_id, name, description)", count, this::workflow);
  }

  private void workflow(StringBuilder text, long number) {
    long organization =
        number < WORKFLOWS_OF_LARGEST ? 0 : (number - WORKFLOWS_OF_LARGEST) / WORKFLOWS * 100;
    long random = Identifiers.mix(number + 1);
    text.append(Identifiers.WORKFLOW.of(number)).append('\t');
    text.append(Identifiers.ORGANIZATION.of(organization)).append('\t');
    text.append(Identifiers.WORKSPACE.of(organization)).append('\t');
    text.append(Words.of(random, 2)).append(' ').append(number).append('\t');
    text.append(Words.of(random + 1, 12)).append('\n');
  }

  private void events() throws SQLException {
    Instant end = Instant.now().truncatedTo(ChronoUnit.HOURS);
    EventRows rows = new EventRows(scale, end);
    execute("SELECT create_usage_event_partitions(ahead => '8 weeks', behind => '54 weeks')");
    execute(
        "SELECT create_month_partitions('usage_summaries_day', ahead => '2 months', behind => '13 months')");
    load(EventRows.COLUMNS, scale.events(), rows);

    progress.accept("summarizing events by day");
    Instant day = rows.start().truncatedTo(ChronoUnit.DAYS);
    try (Connection connection = connection();
        PreparedStatement insert = connection.prepareStatement(resource("summarize-days.sql"))) {
      connection.setAutoCommit(true);
      while (day.isBefore(end)) {
        Instant next = day.plus(7, ChronoUnit.DAYS);
        insert.setObject(1, OffsetDateTime.ofInstant(day, ZoneOffset.UTC));
        insert.setObject(2, OffsetDateTime.ofInstant(next, ZoneOffset.UTC));
        insert.executeUpdate();
        progress.accept("summarizing events by day: " + day.truncatedTo(ChronoUnit.DAYS));
        day = next;
      }
    }
  }

  private void auditEntries() throws SQLException {
    try (Connection connection = connection();
        PreparedStatement append = connection.prepareStatement(resource("audit-entries.sql"))) {
      for (long organization = 0; organization < audited(scale); organization++) {
        append.setObject(1, Identifiers.ORGANIZATION.of(organization));
        append.setInt(2, AUDIT_ENTRIES);
        append.execute();
        progress.accept("audit entries of organization " + organization);
      }
    }
  }

  /** Two loaders at once, each with half of the rows. */
  private void load(String target, long count, Loader.Row row) throws SQLException {
    String table = target.replaceFirst(" .*", "");
    AtomicLong loaded = new AtomicLong();
    Loader loader =
        new Loader(
            this::connection,
            rows ->
                progress.accept("%s: %,d of %,d".formatted(table, loaded.addAndGet(rows), count)));
    Halves.inParallel(count, (from, to) -> loader.load(target, from, to, row));
  }

  private Connection connection() throws SQLException {
    Connection connection = superuser.connect();
    execute(connection, "SET session_replication_role = replica");
    execute(connection, "SET synchronous_commit = off");
    return connection;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connection()) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String resource(String name) {
    return SqlResource.read(OperationalData.class, name);
  }
}
