package dev.tidemark.migrator.trace;

import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.migrator.trace.StatementTrace.Notice;
import dev.tidemark.migrator.trace.StatementTrace.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts on a throw-away database and watches what they do. What a script does stays, so that
 * the next one finds it. Not thread-safe.
 */
public final class Tracer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tracer.class);
  private static final Pattern TRANSACTION_CONTROL =
      Pattern.compile(
          "(BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE"
              + " TRANSACTION)\\b.*",
          Pattern.DOTALL);
  private static final Pattern BEYOND_THE_DATABASE =
      Pattern.compile(
          "((CREATE|DROP|ALTER) (DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER SYSTEM)\\b.*",
          Pattern.DOTALL);

  /** active_sql_transaction and invalid_transaction_termination. */
  private static final Set<String> WANTS_NO_TRANSACTION = Set.of("25001", "2D000");

  private static final String UNSAFE_NEW_ENUM_VALUE = "55P04";

  /** Faults of the script itself, whatever rows there are: syntax and names, features, state. */
  private static final Pattern NOT_ABOUT_ROWS = Pattern.compile("(42|0A|25|3F|08|28|53|54|57).*");

  private final Database database;
  private final Map<String, String> placeholders;
  private final Connection connection;
  private final int session;
  private final Set<Long> rolesBefore;
  private final StringBuilder executed = new StringBuilder();

  /** What the catalogue holds, if nothing was executed since that may have changed it. */
  private Optional<Snapshot> known = Optional.empty();

  /** What was read last, if none of it was undone since. */
  private Optional<Reading> lastRead = Optional.empty();

  /** A snapshot, and the oldest transaction, our own among them, that may write after it. */
  private record Reading(Snapshot snapshot, String transaction) {}

  /**
   * A tracer on a database that nobody else uses.
   *
   * @param placeholders values for <code>${name}</code> in scripts
   */
  public Tracer(Database database, Map<String, String> placeholders) {
    this.database = database;
    this.placeholders = Map.copyOf(placeholders);
    this.connection = database.connect();
    try {
      this.session = connection.unwrap(PGConnection.class).getBackendPID();
      execute(SqlResource.read(Tracer.class, "session.sql"));
      this.rolesBefore = Set.copyOf(roles().keySet());
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /**
   * Runs a script without watching it: the schema so far, or the scene.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if a statement fails
   */
  public void prepare(Script script, boolean transactional) {
    executed.append(script.text());
    known = Optional.empty();
    try {
      connection.setAutoCommit(!transactional);
      for (Statement statement : script.statements()) {
        if (unexecuted(statement) != Outcome.DONE) {
          continue;
        }
        try {
          execute(statement.filled(script.file(), placeholders));
        } catch (SQLException e) {
          rollback();
          throw failed(script, statement, e);
        }
      }
      commit();
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Puts some made-up rows into the tables that have none. */
  public void makeRows() {
    try {
      connection.setAutoCommit(true);
      if (RowMaker.fill(connection, current())) {
        // Triggers may have made anything.
        known = Optional.empty();
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private Snapshot read() throws SQLException {
    String transaction = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::xid");
    Snapshot now =
        lastRead.isPresent()
            ? Snapshot.readSince(connection, lastRead.get().snapshot, lastRead.get().transaction)
            : Snapshot.read(connection);
    lastRead = Optional.of(new Reading(now, transaction));
    return now;
  }

  private Snapshot current() throws SQLException {
    Snapshot current = known.isPresent() ? known.get().withSettings(connection) : read();
    known = Optional.of(current);
    return current;
  }

  /** What the catalogue holds now. */
  public Snapshot snapshot() {
    try {
      return Snapshot.read(connection);
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Takes away everything that scripts have made, roles aside. */
  public void clear() {
    known = Optional.empty();
    try {
      connection.setAutoCommit(true);
      for (CatalogueObject schema : Snapshot.read(connection).all(Kind.SCHEMA).toList()) {
        execute("DROP SCHEMA %s CASCADE".formatted(schema.name()));
      }
      execute("CREATE SCHEMA public");
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /**
   * Runs a script in one transaction, or without any if Postgres refuses a statement of it inside
   * one and the script does not begin a transaction itself.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if a statement fails on empty tables
   *     too
   */
  public Trace trace(Script script) {
    boolean ownTransaction =
        script.statements().stream()
            .anyMatch(statement -> unexecuted(statement) == Outcome.TRANSACTION_CONTROL);
    return trace(script, true, !ownTransaction);
  }

  /**
   * Runs a script and watches every statement of it. Where made-up rows are in the way of one, the
   * tables are emptied and the script begins again.
   *
   * @param transactional whether the statements share one transaction
   * @throws dev.tidemark.migrator.failure.MigratorException if a statement fails on empty tables
   *     too
   */
  public Trace trace(Script script, boolean transactional) {
    return trace(script, transactional, false);
  }

  private Trace trace(Script script, boolean transactional, boolean orWithout) {
    executed.append(script.text());
    try {
      boolean mode = transactional;
      Map<Integer, String> failedOnRows = new TreeMap<>();
      while (true) {
        Run run = new Run(script, mode, mode && orWithout, failedOnRows);
        try {
          return run.run();
        } catch (TransactionInTheWay inTheWay) {
          mode = false;
        } catch (RowsInTheWay inTheWay) {
          failedOnRows.put(inTheWay.number, inTheWay.getMessage());
          emptyTables();
        }
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /**
   * Ends the session. Roles belong to the whole server, which may be the real one: those that
   * scripts have made go, and all that they own in this database.
   */
  @Override
  public void close() {
    try (connection) {
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      execute("RESET ROLE");
      Map<Long, String> made = roles();
      made.keySet().removeAll(rolesBefore);
      // Not those that somebody else has made meanwhile.
      made.values().removeIf(role -> !executed.toString().contains(role.replace("\"", "")));
      if (!made.isEmpty()) {
        clear();
      }
      for (String role : made.values()) {
        execute("GRANT %s TO CURRENT_USER".formatted(role));
        execute("DROP OWNED BY %s".formatted(role));
        execute("DROP ROLE %s".formatted(role));
      }
    } catch (SQLException e) {
      LOG.warn("A role that was made on the throw-away database may have stayed", e);
    }
  }

  /** Roles of the server by their identifiers. */
  private Map<Long, String> roles() throws SQLException {
    Map<Long, String> roles = new TreeMap<>();
    try (java.sql.Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT oid::bigint, quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_'")) {
      while (rows.next()) {
        roles.put(rows.getLong(1), rows.getString(2));
      }
    }
    return roles;
  }

  static List<TableLock> locks(Connection connection, int session) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(SqlResource.read(Tracer.class, "locks.sql"))) {
      query.setInt(1, session);
      List<TableLock> locks = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          locks.add(new TableLock(rows.getLong(1), LockMode.of(rows.getString(2))));
        }
      }
      return locks;
    }
  }

  /** Made-up rows are in the way of a statement. */
  private static final class RowsInTheWay extends Exception {
    private static final long serialVersionUID = 1L;
    private final int number;

    private RowsInTheWay(int number, SQLException cause) {
      super(firstLine(cause), cause);
      this.number = number;
    }
  }

  /** The script's transaction is in the way of a statement. */
  private static final class TransactionInTheWay extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** One attempt at a script. */
  private final class Run {
    private final Script script;
    private final boolean transactional;
    private final boolean orWithout;
    private final Map<Integer, String> failedOnRows;
    private final Snapshot first;
    private final Map<Long, Long> rowsBefore;
    private final Set<Long> emptied = new LinkedHashSet<>();
    private Snapshot before;

    private Run(
        Script script, boolean transactional, boolean orWithout, Map<Integer, String> failedOnRows)
        throws SQLException {
      this.script = script;
      this.transactional = transactional;
      this.orWithout = orWithout;
      this.failedOnRows = failedOnRows;
      connection.setAutoCommit(true);
      this.first = current();
      this.before = first;
      this.rowsBefore = RowMaker.counts(connection, first);
    }

    private Trace run() throws SQLException, RowsInTheWay, TransactionInTheWay {
      known = Optional.empty();
      connection.setAutoCommit(false);
      List<StatementTrace> traces = new ArrayList<>();
      int number = 0;
      for (Statement statement : script.statements()) {
        number++;
        StatementTrace trace = trace(statement, number);
        before = trace.after();
        emptied.addAll(trace.emptied());
        traces.add(trace);
        if (!transactional) {
          commit(statement, number);
        }
      }
      if (!script.statements().isEmpty()) {
        commit(script.statements().get(number - 1), number);
      }
      known = Optional.of(before);
      int version = connection.getMetaData().getDatabaseMajorVersion();
      return new Trace(script, transactional, version, first, List.copyOf(traces));
    }

    private StatementTrace trace(Statement statement, int number)
        throws SQLException, RowsInTheWay, TransactionInTheWay {
      Outcome unexecuted = unexecuted(statement);
      if (unexecuted != Outcome.DONE) {
        return nothing(statement, number, unexecuted, "");
      }
      String sql = statement.filled(script.file(), placeholders);
      List<TableLock> held = locks(connection, session);
      Map<Long, Activity> activityBefore = activity("activity.sql");
      long writesBefore = catalogueWrites();
      long walBefore = walPosition();
      Savepoint savepoint = connection.setSavepoint();
      long startedAt = System.nanoTime();
      Executed executed;
      try {
        executed = execute(sql);
      } catch (SQLException e) {
        connection.rollback(savepoint);
        return failed(statement, number, sql, e);
      }
      Duration duration = Duration.ofNanos(System.nanoTime() - startedAt);
      long wal = walPosition() - walBefore;
      List<TableLock> taken = new ArrayList<>(locks(connection, session));
      taken.removeAll(held);
      Map<Long, Activity> activity = since(activityBefore, activity("activity.sql"));
      Snapshot after = catalogueWrites() == writesBefore ? before.withSettings(connection) : read();
      return done(statement, number, executed, held, taken, activity, duration, wal, after);
    }

    /** What a failure of the statement in its transaction means. */
    private StatementTrace failed(Statement statement, int number, String sql, SQLException e)
        throws SQLException, RowsInTheWay, TransactionInTheWay {
      String state = String.valueOf(e.getSQLState());
      if (WANTS_NO_TRANSACTION.contains(state)) {
        if (orWithout) {
          rollback();
          throw new TransactionInTheWay();
        }
        return transactional
            ? nothing(statement, number, Outcome.REFUSED_IN_TRANSACTION, firstLine(e))
            : alone(statement, number, sql);
      }
      if (state.equals(UNSAFE_NEW_ENUM_VALUE)) {
        return nothing(statement, number, Outcome.USES_NEW_ENUM_VALUE, firstLine(e));
      }
      throw rowsOrFault(statement, number, e);
    }

    /** Rows that may be in the way; or else the script's own fault, which ends the trace. */
    private RowsInTheWay rowsOrFault(Statement statement, int number, SQLException e)
        throws SQLException {
      rollback();
      boolean rows = rowsBefore.values().stream().anyMatch(count -> count > 0);
      if (rows && !NOT_ABOUT_ROWS.matcher(String.valueOf(e.getSQLState())).matches()) {
        return new RowsInTheWay(number, e);
      }
      throw Tracer.failed(script, statement, e);
    }

    /** A statement that Postgres wants to have outside of any transaction. */
    private StatementTrace alone(Statement statement, int number, String sql)
        throws SQLException, RowsInTheWay {
      connection.commit();
      connection.setAutoCommit(true);
      Map<Long, Activity> activityBefore = committedActivity();
      long walBefore = walPosition();
      List<CatalogueObject> tables =
          first
              .all(Kind.TABLE)
              .filter(table -> !table.text("relation_kind").equals("f"))
              .filter(table -> before.hasRelation(table.id()))
              .toList();
      ExecutorService worker = Executors.newSingleThreadExecutor();
      long startedAt = System.nanoTime();
      try (LockSampler sampler = new LockSampler(database, session, tables)) {
        Future<Executed> execution = worker.submit(() -> execute(sql));
        List<TableLock> taken = sampler.watch(execution);
        Executed executed = execution.get();
        Duration duration = Duration.ofNanos(System.nanoTime() - startedAt);
        Map<Long, Activity> activity = since(activityBefore, committedActivity());
        long wal = walPosition() - walBefore;
        connection.setAutoCommit(false);
        Snapshot after = read();
        return done(statement, number, executed, List.of(), taken, activity, duration, wal, after);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof SQLException cause) {
          connection.setAutoCommit(false);
          throw rowsOrFault(statement, number, cause);
        }
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while tracing", e);
      } finally {
        worker.shutdownNow();
      }
    }

    private StatementTrace done(
        Statement statement,
        int number,
        Executed executed,
        List<TableLock> held,
        List<TableLock> taken,
        Map<Long, Activity> activity,
        Duration duration,
        long wal,
        Snapshot after)
        throws SQLException {
      String failure = failedOnRows.getOrDefault(number, "");
      return new StatementTrace(
          statement,
          number,
          failure.isEmpty() ? Outcome.DONE : Outcome.FAILED_ON_ROWS,
          failure,
          before,
          after.equals(before) ? before : after,
          List.copyOf(held),
          List.copyOf(taken),
          activity,
          rowsBefore,
          emptied(after, activity),
          executed.notices,
          executed.rows,
          duration,
          wal);
    }

    private StatementTrace nothing(
        Statement statement, int number, Outcome outcome, String explanation) {
      return new StatementTrace(
          statement,
          number,
          outcome,
          explanation,
          before,
          before,
          List.of(),
          List.of(),
          Map.of(),
          rowsBefore,
          Set.of(),
          List.of(),
          0,
          Duration.ZERO,
          0);
    }

    /** Tables that had rows, and that TRUNCATE or DELETE has left without any. */
    private Set<Long> emptied(Snapshot after, Map<Long, Activity> activity) throws SQLException {
      Set<Long> found = new LinkedHashSet<>();
      for (Map.Entry<Long, Long> table : rowsBefore.entrySet()) {
        long id = table.getKey();
        boolean suspect =
            table.getValue() > 0
                && !emptied.contains(id)
                && (hasNewFile(id, after)
                    || activity.getOrDefault(id, Activity.NONE).deleted() >= table.getValue());
        if (suspect && isEmpty(after.find(Kind.TABLE, id).orElseThrow())) {
          found.add(id);
        }
      }
      return Set.copyOf(found);
    }

    private boolean hasNewFile(long table, Snapshot after) {
      return after.find(Kind.TABLE, table).isPresent()
          && before.find(Kind.TABLE, table).isPresent()
          && !after
              .find(Kind.TABLE, table)
              .orElseThrow()
              .attribute("file")
              .equals(before.find(Kind.TABLE, table).orElseThrow().attribute("file"));
    }

    private void commit(Statement statement, int number) throws SQLException, RowsInTheWay {
      try {
        connection.commit();
      } catch (SQLException e) {
        throw rowsOrFault(statement, number, e);
      }
    }
  }

  private record Executed(long rows, List<Notice> notices) {}

  private Executed execute(String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      long rows = Math.max(0, statement.getLargeUpdateCount());
      List<Notice> notices = new ArrayList<>();
      for (SQLWarning next = statement.getWarnings(); next != null; next = next.getNextWarning()) {
        notices.add(new Notice(String.valueOf(next.getSQLState()), next.getMessage()));
      }
      return new Executed(rows, List.copyOf(notices));
    }
  }

  private boolean isEmpty(CatalogueObject table) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT FROM " + table.name() + " LIMIT 1")) {
      return !rows.next();
    }
  }

  private Map<Long, Activity> activity(String resource) throws SQLException {
    Map<Long, Activity> activity = new LinkedHashMap<>();
    try (PreparedStatement statement =
            connection.prepareStatement(SqlResource.read(Tracer.class, resource));
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        activity.put(
            rows.getLong(1),
            new Activity(
                rows.getLong(2),
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5),
                rows.getLong(6)));
      }
    }
    return activity;
  }

  /** What is not written out yet within the session is written out first. */
  private Map<Long, Activity> committedActivity() throws SQLException {
    execute("SELECT pg_stat_force_next_flush()");
    return activity("activity-committed.sql");
  }

  private static Map<Long, Activity> since(Map<Long, Activity> earlier, Map<Long, Activity> later) {
    Map<Long, Activity> difference = new LinkedHashMap<>();
    later.forEach(
        (table, now) -> {
          Activity change = now.since(earlier.getOrDefault(table, Activity.NONE));
          if (!change.equals(Activity.NONE)) {
            difference.put(table, change);
          }
        });
    return Map.copyOf(difference);
  }

  private long catalogueWrites() throws SQLException {
    return number(SqlResource.read(Tracer.class, "catalogue-writes.sql"));
  }

  private long number(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  private String text(String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }

  private long walPosition() throws SQLException {
    return number("SELECT pg_current_wal_insert_lsn() - '0/0'");
  }

  /** All at once; where that is refused, tables whose own rules refuse it keep their rows. */
  private void emptyTables() throws SQLException {
    known = Optional.empty();
    connection.setAutoCommit(true);
    List<String> tables =
        Snapshot.read(connection)
            .all(Kind.TABLE)
            .filter(table -> !table.text("relation_kind").equals("f"))
            .map(CatalogueObject::name)
            .toList();
    if (tables.isEmpty() || truncated(String.join(", ", tables))) {
      return;
    }
    tables.forEach(this::truncated);
  }

  private boolean truncated(String tables) {
    try {
      execute("TRUNCATE %s CASCADE".formatted(tables));
      return true;
    } catch (SQLException e) {
      LOG.debug("{} cannot be emptied", tables, e);
      return false;
    }
  }

  /** {@link Outcome#DONE} for what is to be executed. */
  private static Outcome unexecuted(Statement statement) {
    String words = statement.canonical().substring(0, Math.min(statement.canonical().length(), 60));
    String command = words.toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (TRANSACTION_CONTROL.matcher(command).matches()) {
      return Outcome.TRANSACTION_CONTROL;
    }
    return BEYOND_THE_DATABASE.matcher(command).matches()
        ? Outcome.BEYOND_THE_DATABASE
        : Outcome.DONE;
  }

  private void commit() throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.commit();
    }
  }

  private void rollback() throws SQLException {
    lastRead = Optional.empty();
    if (!connection.getAutoCommit()) {
      connection.rollback();
    }
  }

  private static RuntimeException failed(Script script, Statement statement, SQLException e) {
    return MigratorFailures.traceFailed(
        script.file(), statement.line(), statement.text(), e.getSQLState(), e);
  }

  private RuntimeException refused(SQLException e) {
    return MigratorFailures.databaseRefuses(database.address(), e);
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
  }
}
