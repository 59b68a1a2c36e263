package dev.tidemark.migrator.partition;

import dev.tidemark.migrator.operation.MigratorSettings;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.partition.PartitionSettings.Policy;
import dev.tidemark.migrator.partition.PartitionSettings.Retirement;
import dev.tidemark.migrator.partition.PartitionStep.Action;
import dev.tidemark.migrator.partition.PartitionedTable.Guard;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** The care of one table, on a connection that is not in autocommit mode. */
final class TableCare {
  /** Nothing that a gateway saw is older; what claims to be stays where it is. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final String RESTRICT_VIOLATION = "23001";

  private final Connection connection;
  private final PartitionedTable table;
  private final Policy policy;
  private final MigratorSettings patience;
  private final OperationObserver observer;
  private final Instant now;
  private final Instant horizon;
  private final boolean dryRun;
  private final List<PartitionStep> steps = new ArrayList<>();

  /** A partition with a time; the default partition has none. */
  private record Partition(String name, Instant start, Instant end) {
    boolean overlaps(Instant from, Instant to) {
      return start.isBefore(to) && from.isBefore(end);
    }
  }

  /** What is to be done in one transaction; gives the step that it was. */
  private interface Work {
    PartitionStep run() throws SQLException;
  }

  TableCare(
      Connection connection,
      PartitionedTable table,
      PartitionSettings settings,
      OperationObserver observer,
      Instant now,
      boolean dryRun) {
    this.connection = connection;
    this.table = table;
    this.policy = settings.policies().get(table);
    this.patience = settings.patience();
    this.observer = observer;
    this.now = now;
    this.horizon = now.atZone(ZoneOffset.UTC).plus(settings.ahead()).toInstant();
    this.dryRun = dryRun;
  }

  /** Does everything, and gives what was done and what was left. */
  List<PartitionStep> tend() throws SQLException {
    create();
    retire();
    return steps;
  }

  private void create() throws SQLException {
    List<Partition> present = partitions();
    SortedMap<Instant, Long> wanted = strays();
    for (Instant start = table.width().start(now);
        !start.isAfter(horizon);
        start = table.width().end(start)) {
      wanted.putIfAbsent(start, 0L);
    }
    for (Instant start : wanted.keySet()) {
      Instant end = table.width().end(start);
      if (present.stream().noneMatch(partition -> partition.overlaps(start, end))) {
        String partition = table.partition(start);
        long strays = wanted.get(start);
        perform(
            partition,
            () -> {
              long moved = dryRun ? strays : number(table.creation(start));
              return step(partition, Action.CREATED, moved, "");
            });
      }
    }
  }

  /** How many rows the default partition has of each period that may have a partition. */
  private SortedMap<Instant, Long> strays() throws SQLException {
    SortedMap<Instant, Long> strays = new TreeMap<>();
    long left = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql("strays.sql"))) {
      statement.setObject(1, EARLIEST.atOffset(ZoneOffset.UTC));
      statement.setObject(
          2, table.width().end(table.width().start(horizon)).atOffset(ZoneOffset.UTC));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          OffsetDateTime start = rows.getObject(1, OffsetDateTime.class);
          if (start == null) {
            left = rows.getLong(2);
          } else {
            strays.put(start.toInstant(), rows.getLong(2));
          }
        }
      }
    }
    if (left > 0) {
      note(
          table.defaultPartition(),
          Action.LEFT,
          left,
          "their time is before 2000 or further ahead than partitions are made: look at the"
              + " sender's clock");
    }
    return strays;
  }

  private void retire() throws SQLException {
    Optional<Instant> limit = policy.limit(now);
    if (limit.isEmpty()) {
      return;
    }
    Optional<String> kept = Optional.empty();
    for (Partition partition : partitions()) {
      if (!partition.end().isAfter(limit.get())) {
        if (kept.isPresent() && table.guard() == Guard.AUDIT_CHAIN) {
          // A chain is retired from its start, without gaps.
          note(partition.name(), Action.KEPT, 0, "the older " + kept.get() + " stays");
          continue;
        }
        PartitionStep step = perform(partition.name(), () -> retire(partition.name()));
        if (step.action() == Action.KEPT || step.action() == Action.BUSY) {
          kept = kept.or(() -> Optional.of(partition.name()));
        }
      }
    }
  }

  private PartitionStep retire(String partition) throws SQLException {
    Optional<String> objection = objection(partition);
    if (objection.isPresent()) {
      return step(partition, Action.KEPT, 0, objection.get());
    }
    boolean drop = policy.retirement() == Retirement.DROP;
    if (!dryRun) {
      if (table.guard() == Guard.WATERMARKS) {
        // From here on no row comes in; and what came in since is looked at.
        execute("LOCK TABLE ONLY " + table.table() + " IN ACCESS EXCLUSIVE MODE");
        execute("LOCK TABLE ONLY " + partition + " IN ACCESS EXCLUSIVE MODE");
        objection = objection(partition);
        if (objection.isPresent()) {
          return step(partition, Action.KEPT, 0, objection.get());
        }
      }
      if (drop) {
        execute("DROP TABLE " + partition);
      } else {
        execute("ALTER TABLE %s DETACH PARTITION %s".formatted(table.table(), partition));
        execute("ALTER TABLE %s RENAME TO %s".formatted(partition, archive(partition)));
      }
    }
    return step(partition, drop ? Action.DROPPED : Action.DETACHED, 0, "");
  }

  /** Why a partition must stay, if somebody still needs it. */
  private Optional<String> objection(String partition) throws SQLException {
    return switch (table.guard()) {
      case NONE -> Optional.empty();
      case WATERMARKS -> text(sql("unlanded.sql").replace("${partition}", partition));
      case AUDIT_CHAIN -> auditObjection(partition);
    };
  }

  /** Makes the checkpoint, too; without it the month must not go. */
  private Optional<String> auditObjection(String partition) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      number("SELECT checkpoint_audit_partition('" + partition + "')");
      return Optional.empty();
    } catch (SQLException e) {
      if (!RESTRICT_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      return Optional.of(firstLine(e));
    }
  }

  /** A name that is free. */
  private String archive(String partition) throws SQLException {
    String name = "archived_" + partition;
    for (int copy = 2; text("SELECT to_regclass('" + name + "')::text").isPresent(); copy++) {
      name = "archived_" + partition + "_" + copy;
    }
    return name;
  }

  /** Does work in a transaction, again while other sessions have the locks that it needs. */
  private PartitionStep perform(String partition, Work work) throws SQLException {
    Duration pause = patience.lockPause();
    for (int attempt = 1; ; attempt++) {
      try {
        PartitionStep step = work.run();
        if (!dryRun) {
          connection.commit();
        }
        steps.add(step);
        observer.notice(
            "%s %s".formatted(partition, step.action().name().toLowerCase(Locale.ROOT)));
        return step;
      } catch (SQLException e) {
        if (!SqlFailures.isAboutLocks(e)) {
          throw e;
        }
        connection.rollback();
        if (attempt >= patience.lockAttempts()) {
          return note(
              partition,
              Action.BUSY,
              0,
              "other sessions kept their locks for %d attempts".formatted(attempt));
        }
        observer.notice("%s: no lock in attempt %d".formatted(partition, attempt));
        sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    }
  }

  private PartitionStep note(String partition, Action action, long rows, String reason) {
    PartitionStep step = step(partition, action, rows, reason);
    steps.add(step);
    return step;
  }

  private PartitionStep step(String partition, Action action, long rows, String reason) {
    return new PartitionStep(table.table(), partition, action, rows, reason);
  }

  /** The partitions that have a time, the oldest first. */
  private List<Partition> partitions() throws SQLException {
    List<Partition> partitions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql("partitions.sql"))) {
      while (rows.next()) {
        partitions.add(
            new Partition(
                rows.getString(1),
                rows.getObject(2, OffsetDateTime.class).toInstant(),
                rows.getObject(3, OffsetDateTime.class).toInstant()));
      }
    }
    return partitions;
  }

  private String sql(String resource) {
    return SqlResource.read(TableCare.class, resource)
        .replace("${table}", table.table())
        .replace("${default}", table.defaultPartition())
        .replace("${time}", table.timeColumn())
        .replace("${unit}", table.width().unit());
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String query) throws SQLException {
    return Long.parseLong(text(query).orElseThrow());
  }

  /** The first column of the first row, if there is one that is not null. */
  private Optional<String> text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    }
  }

  private static String firstLine(SQLException e) {
    return e.getMessage().lines().findFirst().orElse("").replaceFirst("^ERROR: ", "");
  }

  private static void sleep(Duration pause) {
    long millis = pause.toMillis();
    try {
      Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
