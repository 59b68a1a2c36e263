package dev.tidemark.pipeline.torture;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.Sql;
import dev.tidemark.pipeline.torture.Step.Command;
import dev.tidemark.pipeline.torture.Step.Fault;
import dev.tidemark.pipeline.torture.Worker.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One round of torture: a schedule from a seed, carried out by two processes on a lake and a
 * database of their own; then a run that nothing disturbs, and the judgement.
 */
public final class Torture implements AutoCloseable {
  private static final List<String> TABLES =
      List.of("usage_events", "usage_hourly", "usage_daily", "quarantined_events", "landings");

  /** What may befall a command that nothing befell: another one was faster, again and again. */
  private static final Set<Integer> BUSY = Set.of(ExitCode.BUSY.number());

  private static final Set<Integer> CUT =
      Set.of(ExitCode.BUSY.number(), ExitCode.UNREACHABLE.number(), ExitCode.PARTIAL.number());

  private final Schedule schedule;
  private final Path folder;
  private final Database database;
  private final Consumer<String> log;
  private final Instant began = Instant.now();
  private final List<String> differences = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private final List<Running> running = new ArrayList<>();
  private SourceRows source;
  private int runs;
  private int killed;
  private int lost;
  private int done;

  /** A command that a worker is at. */
  private static final class Running {
    private final Step.Start step;
    private final int run;
    private final CompletableFuture<Outcome> outcome;
    private boolean cut;

    private Running(Step.Start step, int run, CompletableFuture<Outcome> outcome) {
      this.step = step;
      this.run = run;
      this.outcome = outcome;
    }
  }

  /**
   * What a round came to.
   *
   * @param seed reproduces the schedule
   * @param events that had to be counted
   * @param done commands that were done to their end
   * @param killed processes that were killed at work
   * @param lost commits at which storage failed the writer
   * @param differences what is wrong, a line for each row at first; none where all is right
   */
  public record Report(
      long seed, long events, int done, int killed, int lost, List<String> differences) {
    /** One line. */
    public String text() {
      return "seed %d: %d events, %d commands done, %d processes killed, %d commits failed: %s"
          .formatted(
              seed,
              events,
              done,
              killed,
              lost,
              differences.isEmpty() ? "all equal" : differences.size() + " differences");
    }
  }

  /**
   * A round to be.
   *
   * @param commands how many commands the schedule has
   * @param folder empty; keeps the lake and the workers' logs
   * @param database migrated, without events
   * @param log hears of every step
   */
  public Torture(long seed, int commands, Path folder, Database database, Consumer<String> log) {
    this.schedule = Schedule.of(seed, commands);
    this.folder = Objects.requireNonNull(folder);
    this.database = Objects.requireNonNull(database);
    this.log = Objects.requireNonNull(log);
  }

  /** Carries it out. */
  public Report run() throws SQLException, IOException {
    source = SourceRows.prepare(database);
    for (int each = 0; each < Schedule.WORKERS; each++) {
      workers.add(new Worker("worker-" + each, folder, database));
      running.add(null);
    }
    for (Step step : schedule.steps()) {
      note(step.toString());
      carryOut(step);
    }
    finish();
    Report report =
        new Report(schedule.seed(), source.events(), done, killed, lost, List.copyOf(differences));
    differences.forEach(this::note);
    note(report.text());
    return report;
  }

  private void carryOut(Step step) throws SQLException {
    if (step instanceof Step.Insert insert) {
      source.insert(insert);
    } else if (step instanceof Step.Hold hold) {
      source.hold(hold);
    } else if (step instanceof Step.Release release) {
      source.release(release);
    } else if (step instanceof Step.Redeliver redeliver) {
      source.redeliver(redeliver);
    } else if (step instanceof Step.Break broken) {
      source.breakRows(broken);
    } else if (step instanceof Step.DeleteBroken delete) {
      source.deleteBroken(delete);
    } else if (step instanceof Step.Mend mend) {
      source.mend(mend);
    } else if (step instanceof Step.NewPartition partition) {
      source.newPartition(partition);
    } else if (step instanceof Step.Cut) {
      cut();
    } else if (step instanceof Step.Start start) {
      start(start);
    } else if (step instanceof Step.Await await) {
      await(await.worker());
    }
  }

  private void cut() throws SQLException {
    running.stream().filter(Objects::nonNull).forEach(each -> each.cut = true);
    source.cut();
  }

  private void start(Step.Start step) throws SQLException {
    runs++;
    source.runBegins(runs);
    running.set(
        step.worker(),
        new Running(
            step, runs, workers.get(step.worker()).start(step.command().word(), step.fault())));
  }

  private Outcome await(int worker) throws SQLException {
    Running ended = running.set(worker, null);
    Outcome outcome = ended.outcome.join();
    note("  " + workers.get(worker).name() + ": " + outcome);
    if (outcome instanceof Outcome.Done) {
      done++;
      if (ended.step.command() == Command.RUN) {
        source.runSucceeded(ended.run);
      }
    } else if (outcome instanceof Outcome.Killed) {
      killed++;
      if (ended.step.fault() instanceof Fault.None
          || ended.step.fault() instanceof Fault.LoseAnswer) {
        differences.add(ended.step + " ended its process, see its log");
      }
    } else if (outcome instanceof Outcome.Failed failed) {
      boolean faulted =
          ended.step.fault() instanceof Fault.LoseAnswer
              && (failed.storage() || failed.exit() == ExitCode.UNREACHABLE.number());
      boolean expected = faulted || (ended.cut ? CUT : BUSY).contains(failed.exit());
      if (faulted) {
        lost++;
      }
      if (!expected) {
        differences.add(ended.step + " failed: " + failed.told());
      }
    }
    return outcome;
  }

  /**
   * The last run, which nothing disturbs; what it left; and one more, which finds nothing to do.
   */
  private void finish() throws SQLException, IOException {
    Path dump = folder.resolve("dump");
    if (!undisturbed("run") || !undisturbed("dump " + dump)) {
      return;
    }
    differences.addAll(Judge.differences(database, dump));
    String before = state();
    if (undisturbed("run") && !state().equals(before)) {
      differences.add("a further run changed something: " + before + " became " + state());
    }
  }

  private boolean undisturbed(String command) {
    Outcome outcome = workers.get(0).start(command, new Fault.None()).join();
    note(command + ": " + outcome);
    if (outcome instanceof Outcome.Done) {
      return true;
    }
    differences.add("the undisturbed " + command + ": " + outcome);
    return false;
  }

  /** Versions of the tables, and which transaction wrote each summary. */
  private String state() throws SQLException, IOException {
    StringBuilder state = new StringBuilder();
    for (String table : TABLES) {
      try (Stream<Path> commits = Files.list(folder.resolve("lake/" + table + "/_delta_log"))) {
        state
            .append(table)
            .append(' ')
            .append(commits.filter(each -> each.toString().endsWith(".json")).count())
            .append(' ');
      }
    }
    return state
        + Sql.value(
            database,
            "SELECT md5(string_agg(s::text || xmin, '' ORDER BY s::text)) FROM usage_summaries AS"
                + " s");
  }

  private void note(String text) {
    log.accept(
        "%6.1f s  %s".formatted(Duration.between(began, Instant.now()).toMillis() / 1000.0, text));
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
    try {
      if (source != null) {
        source.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
