package dev.tidemark.jobs.backfill;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.jobs.failure.JobsFailures;
import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.backfill.BackfillReport;
import dev.tidemark.pipeline.backfill.BackfillRequest;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.backfill.BackfillSettings;
import dev.tidemark.pipeline.window.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code backfill}. */
@Command(
    name = "backfill",
    description =
        "Replay history, some days at a time: land what the lake lacks, compute its hours and days"
            + " again and publish them, as fast as the health of the source allows. Started again"
            + " with the same range, it goes on where it stopped")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH, ExitCode.PARTIAL})
public final class BackfillCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      required = true,
      description =
          "from the UTC day of this time on, such as 2026-01-01; times are UTC, or carry an offset")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      required = true,
      description = "up to this time; the day on which it lies is taken whole")
  private String to;

  @Option(names = "--dry-run", description = "show the plan, and change nothing")
  private boolean dryRun;

  @ArgGroup private Direction direction;

  @Option(
      names = "--max-time",
      paramLabel = "D",
      description =
          "stop after so long, such as 90m or 6h, once the days at hand are done; exit code 7")
  private String mostTime;

  @Option(
      names = "--control",
      paramLabel = "FILE",
      description =
          "a file that may be written at any time: pause, resume, rate N (events a second at most),"
              + " rate none")
  private Path control;

  private static final class Direction {
    @Option(names = "--newest-first", description = "the latest days first; so it is by itself")
    private boolean newestFirst;

    @Option(names = "--oldest-first", description = "the earliest days first")
    private boolean oldestFirst;
  }

  /** A command that speaks to a console. */
  public BackfillCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BackfillRequest request = request();
    Config config = console.config();
    BackfillSettings settings = BackfillSettings.from(config);
    request.possible(Instant.now());
    JobSession session = new JobSession(config, "tidemark job backfill");
    if (dryRun) {
      console.show(
          session.looking(
              pipeline -> new PlanResult(pipeline.planBackfill(request, settings), request)));
    } else {
      console.show(new BackfillResult(run(session, request, settings)));
    }
    return ExitCode.DONE.number();
  }

  private BackfillReport run(
      JobSession session, BackfillRequest request, BackfillSettings settings) {
    try (Progress line = console.progress()) {
      BackfillScreen screen = new BackfillScreen(console, line);
      return session.withPipeline(pipeline -> pipeline.backfill(request, settings, screen));
    }
  }

  private BackfillRequest request() {
    Order order =
        direction != null && direction.oldestFirst ? Order.OLDEST_FIRST : Order.NEWEST_FIRST;
    if (control != null && Files.isDirectory(control)) {
      throw JobsFailures.badControlFile(control);
    }
    return new BackfillRequest(
        range(),
        order,
        Optional.ofNullable(mostTime).map(BackfillCommand::duration),
        Optional.ofNullable(control));
  }

  private TimeRange range() {
    try {
      return TimeRange.parse(from, to);
    } catch (IllegalArgumentException e) {
      throw JobsFailures.badRange(from, to, e);
    }
  }

  private static Duration duration(String text) {
    try {
      Duration duration = ConfigFactory.parseMap(Map.of("d", text)).getDuration("d");
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (ConfigException e) {
      throw JobsFailures.badDuration("--max-time", text, e);
    }
    throw JobsFailures.badDuration("--max-time", text, null);
  }
}
