package dev.tidemark.migrator.datastep;

import dev.tidemark.migrator.changeset.DataStep;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.governor.Chunk;
import dev.tidemark.migrator.governor.Decision;
import dev.tidemark.migrator.governor.Decision.Action;
import dev.tidemark.migrator.governor.Governor;
import dev.tidemark.migrator.governor.Health;
import dev.tidemark.migrator.governor.Level;
import dev.tidemark.migrator.governor.Reading;
import dev.tidemark.migrator.governor.Sample;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.LockPatience;
import dev.tidemark.migrator.sql.SqlFailures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks a table by its key, a transaction each batch: the next keys, the step's statement, and the
 * progress are committed together or not at all. Whoever goes on after a kill finds in the database
 * where it stood. Between batches the governor decides.
 */
public final class DataStepRunner {
  private static final Logger LOG = LoggerFactory.getLogger(DataStepRunner.class);
  private static final long LEAST_KEYS = 100;
  private static final long MOST_KEYS = 1_000_000;

  private final Database database;
  private final Connection connection;
  private final DataStepSettings settings;
  private final LockPatience patience;
  private final Map<String, String> placeholders;
  private final Surroundings surroundings;
  private final long startedAt = System.nanoTime();

  /**
   * A runner for the data steps of one operation, whose budget begins now.
   *
   * @param connection the working connection, in autocommit mode, with its timeouts set
   * @param placeholders values for <code>${name}</code> in scripts
   */
  public DataStepRunner(
      Database database,
      Connection connection,
      DataStepSettings settings,
      LockPatience patience,
      Map<String, String> placeholders,
      Surroundings surroundings) {
    this.database = database;
    this.connection = connection;
    this.settings = settings;
    this.patience = patience;
    this.placeholders = Map.copyOf(placeholders);
    this.surroundings = surroundings;
  }

  /**
   * Does a step, or what is left of it.
   *
   * @param number its place among the data steps of the change set, from 1
   * @return how many rows it changed in this run
   * @throws MigratorException if it cannot go on, or may not; what was committed stays
   */
  public long run(String changeSet, DataStep step, int number) throws SQLException {
    String place = "Data step %s of %s".formatted(step.name(), changeSet);
    try (java.sql.Statement statement = connection.createStatement()) {
      // Positions are kept as text, and another session may have to read them.
      statement.execute("SET datestyle = 'ISO, YMD'");
    }
    WalkedTable table = WalkedTable.of(connection, step, place);
    DataStepProgress begun =
        ProgressTable.begin(connection, changeSet, number, step, table.expectedRows(connection));
    if (!begun.checksum().equals(step.checksum())) {
      throw MigratorFailures.dataStepEdited(place, begun.words());
    }
    if (begun.finished()) {
      surroundings.notice(place + ": was done by an earlier run");
      return 0;
    }
    return new Walk(changeSet, step, place, table, begun).toTheEnd();
  }

  /** One run of one step. */
  private final class Walk {
    private final String changeSet;
    private final DataStep step;
    private final String place;
    private final WalkedTable table;
    private final long rowsBefore;
    private final long walkedBefore;
    private final long begunAt = System.nanoTime();
    private final Set<String> unknown = new HashSet<>();
    private DataStepProgress progress;
    private Optional<String> told = Optional.empty();
    private Optional<Long> smaller = Optional.empty();

    private Walk(
        String changeSet,
        DataStep step,
        String place,
        WalkedTable table,
        DataStepProgress progress) {
      this.changeSet = changeSet;
      this.step = step;
      this.place = place;
      this.table = table;
      this.progress = progress;
      this.rowsBefore = progress.rowsChanged();
      this.walkedBefore = progress.rowsWalked();
    }

    private long toTheEnd() throws SQLException {
      if (settings.pace().isPresent()) {
        governed(settings.pace().get());
      } else {
        boolean more = true;
        while (more) {
          refuseAfterBudget();
          more = batch(new ProgressTable.Pace(step.batch(), 1, Optional.empty())).isPresent();
        }
      }
      finish();
      return progress.rowsChanged() - rowsBefore;
    }

    private void governed(DataStepSettings.Pace pace) throws SQLException {
      Governor governor =
          new Governor(
              pace.governor().withSizes(Math.min(LEAST_KEYS, step.batch()), MOST_KEYS),
              progress.batchSize());
      try (Health health =
          Health.watch(
              database::connect, pace.health(), Optional.of(table.name()), table.oneRow())) {
        Optional<Chunk> last = Optional.empty();
        while (true) {
          refuseAfterBudget();
          List<Reading> readings = health.read();
          tellUnknown(readings);
          Decision decision = governor.decide(new Sample(since(begunAt), last, readings));
          tell(decision);
          last = Optional.empty();
          if (decision.action() == Action.GIVE_UP) {
            throw stopped("it was held too long: " + decision.reason().orElse(""));
          }
          pause(decision.pause());
          if (decision.action() == Action.HOLD) {
            ProgressTable.held(
                connection, changeSet, step, decision.pause(), decision.reason().orElse(""));
            continue;
          }
          refuseAfterBudget();
          health.atWork(true);
          try {
            last =
                batch(new ProgressTable.Pace(decision.size(), decision.share(), decision.reason()));
          } finally {
            health.atWork(false);
          }
          if (last.isEmpty()) {
            return;
          }
        }
      }
    }

    /** One batch, with as many attempts as its locks may need; empty if no keys are left. */
    private Optional<Chunk> batch(ProgressTable.Pace wanted) throws SQLException {
      ProgressTable.Pace pace =
          new ProgressTable.Pace(
              Math.min(wanted.size(), smaller.orElse(Long.MAX_VALUE)),
              wanted.share(),
              wanted.reason());
      for (int attempt = 1; ; attempt++) {
        Attempt tried = new Attempt(pace);
        try {
          return tried.execute();
        } catch (SQLException e) {
          tried.undo(e);
          if (SqlFailures.isTimeout(e) && pace.size() > LEAST_KEYS) {
            smaller = Optional.of(pace.size() / 2);
            surroundings.notice(
                "%s: a batch of %d took too long, now %d"
                    .formatted(place, pace.size(), smaller.get()));
            return batch(wanted);
          }
          if (!SqlFailures.isAboutLocks(e)) {
            throw MigratorFailures.dataStepFailed(
                place, tried.range(), e.getSQLState(), progress.words(), e);
          }
          if (attempt == patience.attempts()) {
            throw MigratorFailures.lockNotAvailable(
                place, attempt, tried.blockers, progress.words(), e);
          }
          Duration pause = patience.pauseAfter(attempt);
          surroundings.notice(
              "%s: no lock in attempt %d of %d, next in %d ms; in the way: %s"
                  .formatted(
                      place, attempt, patience.attempts(), pause.toMillis(), tried.blockers));
          sleep(pause);
        }
      }
    }

    /** One attempt at one batch. */
    private final class Attempt {
      private final ProgressTable.Pace pace;
      private final long attemptedAt = System.nanoTime();
      private Optional<WalkedTable.Range> range = Optional.empty();
      private String blockers = "";

      private Attempt(ProgressTable.Pace pace) {
        this.pace = pace;
      }

      private Optional<Chunk> execute() throws SQLException {
        connection.setAutoCommit(false);
        try (Surroundings.LockView locks = surroundings.lookAtLocks()) {
          try {
            return execute(locks);
          } finally {
            blockers = locks.blockers().orElse("a session that has let go meanwhile");
          }
        }
      }

      private Optional<Chunk> execute(Surroundings.LockView locks) throws SQLException {
        // What is committed counts, not what this process remembers.
        DataStepProgress now = ProgressTable.lock(connection, changeSet, step);
        range = table.next(connection, now.position(), pace.size());
        if (range.isEmpty()) {
          connection.commit();
          connection.setAutoCommit(true);
          return Optional.empty();
        }
        WalkedTable.Range keys = range.get();
        long changed = change(keys);
        Duration worked = since(attemptedAt).minus(locks.waited());
        worked = worked.isNegative() ? Duration.ZERO : worked;
        ProgressTable.advance(
            connection, changeSet, step, keys.last(), keys.walked(), changed, worked, pace);
        DataStepProgress then = ProgressTable.lock(connection, changeSet, step);
        connection.commit();
        connection.setAutoCommit(true);
        progress = then;
        tell(pace);
        LOG.debug("{}: batch {} changed {} rows in {}", place, keys, changed, worked);
        return Optional.of(new Chunk(keys.walked(), worked));
      }

      private long change(WalkedTable.Range keys) throws SQLException {
        Map<String, String> values = new HashMap<>(placeholders);
        values.put(DataStep.FROM, keys.from());
        values.put(DataStep.TO, keys.to());
        Statement statement = step.script().statements().get(0);
        try (java.sql.Statement jdbc = connection.createStatement()) {
          jdbc.setEscapeProcessing(false);
          jdbc.execute(statement.filled(step.script().file(), values));
          return Math.max(0, jdbc.getLargeUpdateCount());
        }
      }

      private void undo(SQLException e) throws SQLException {
        if (SqlFailures.isAboutConnection(e)) {
          throw MigratorFailures.connectionLost(database.address(), e);
        }
        connection.rollback();
        connection.setAutoCommit(true);
      }

      private String range() {
        return range.map(WalkedTable.Range::toString).orElse("that was to be found");
      }
    }

    private void finish() throws SQLException {
      if (step.remaining().isPresent()) {
        long rows = remaining(step.remaining().get());
        if (rows != 0) {
          ProgressTable.beginAgain(connection, changeSet, step);
          throw MigratorFailures.rowsRemain(place, rows);
        }
      }
      ProgressTable.finish(connection, changeSet, step);
      surroundings.notice(
          String.format(
              Locale.ROOT,
              "%s: done, %,d rows changed in %s",
              place,
              progress.rowsChanged() - rowsBefore,
              words(since(begunAt))));
    }

    private long remaining(Script script) throws SQLException {
      try (java.sql.Statement query = connection.createStatement()) {
        query.setEscapeProcessing(false);
        try (ResultSet rows =
            query.executeQuery(script.statements().get(0).filled(script.file(), placeholders))) {
          return rows.next() ? rows.getLong(1) : 0;
        }
      } catch (SQLException e) {
        if (SqlFailures.isAboutConnection(e)) {
          throw MigratorFailures.connectionLost(database.address(), e);
        }
        throw MigratorFailures.dataStepFailed(
            place, "that counts what remains", e.getSQLState(), progress.words(), e);
      }
    }

    private void refuseAfterBudget() {
      if (settings.budget().isPresent()
          && since(startedAt).compareTo(settings.budget().get()) > 0) {
        throw stopped(
            "migrate.data-step-budget is " + words(settings.budget().get()) + ", and that is over");
      }
    }

    private MigratorException stopped(String reason) {
      return MigratorFailures.dataStepStopped(place, reason, progress.words());
    }

    /** A pause that does not outlast the budget. */
    private void pause(Duration wanted) {
      Duration left =
          settings.budget().map(budget -> budget.minus(since(startedAt))).orElse(wanted);
      Duration pause = left.compareTo(wanted) < 0 ? left : wanted;
      if (!pause.isNegative() && !pause.isZero()) {
        sleep(pause.plusMillis(pause.equals(wanted) ? 0 : 1));
      }
    }

    private void tellUnknown(List<Reading> readings) {
      readings.stream()
          .filter(reading -> reading.level() == Level.UNKNOWN && unknown.add(reading.signal()))
          .forEach(
              reading ->
                  surroundings.notice(
                      "%s goes on without the signal %s: %s"
                          .formatted(place, reading.signal(), reading.words())));
    }

    /** A change of mind is worth a line that stays. */
    private void tell(Decision decision) {
      Optional<String> now =
          decision.action() == Action.HOLD
              ? Optional.of("held")
              : decision.reason().map(reason -> "slowed down");
      if (!now.equals(told)) {
        told = now;
        String line =
            "%s %s%s"
                .formatted(
                    place,
                    now.orElse("goes on undisturbed"),
                    decision.reason().map(reason -> ": " + reason).orElse(""));
        LOG.info(line);
        if (decision.action() == Action.HOLD) {
          surroundings.notice(line);
        }
      }
    }

    private void tell(ProgressTable.Pace pace) {
      surroundings.progress(
          progress.words()
              + left().map(words -> ", " + words + " left").orElse("")
              + String.format(
                  Locale.ROOT,
                  "; batches of %,d, %.0f %% of the time",
                  pace.size(),
                  pace.share() * 100)
              + pace.reason().map(reason -> "; " + reason).orElse(""));
    }

    /** How long it will take at the pace of this run. */
    private Optional<String> left() {
      long walked = progress.rowsWalked() - walkedBefore;
      long rest = progress.rowsExpected() - progress.rowsWalked();
      if (walked <= 0 || rest <= 0) {
        return Optional.empty();
      }
      double seconds = since(begunAt).toMillis() / 1e3 * rest / walked;
      return Optional.of(words(Duration.ofSeconds(Math.round(seconds))));
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /** To the second, or to the millisecond below one. */
  private static String words(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds == 0) {
      return duration.toMillis() + " ms";
    }
    return seconds < 60
        ? seconds + " s"
        : seconds < 3600
            ? "%d min %d s".formatted(seconds / 60, seconds % 60)
            : "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during a data step", e);
    }
  }
}
