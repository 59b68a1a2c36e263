package dev.tidemark.jobs.check;

import com.typesafe.config.Config;
import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.check.CheckReport;
import dev.tidemark.pipeline.check.QualityCheck;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.window.Hours;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code check}. */
@Command(
    name = "check",
    description = "Evaluate the quality rules, list the hours that are held, or release one")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.PARTIAL})
public final class CheckCommand implements Callable<Integer> {
  private final Console console;

  @ArgGroup private Work work;

  @Spec private CommandSpec spec;

  private static final class Work {
    @ArgGroup(exclusive = false)
    private Range range;

    @ArgGroup(exclusive = false)
    private Release release;
  }

  private static final class Range {
    @Option(
        names = "--from",
        paramLabel = "TIME",
        required = true,
        description = "judge the hours from this time on (default: the last 24 that are over)")
    private String from;

    @Option(
        names = "--to",
        paramLabel = "TIME",
        required = true,
        description = "judge the hours up to this time")
    private String to;
  }

  private static final class Release {
    @Option(
        names = "--release",
        paramLabel = "WINDOW",
        required = true,
        description =
            "publish the held hour that starts at this time, such as 2026-11-14T10:00:00Z, with the"
                + " next rollup, although it breaks the rules that hold it")
    private String window;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "why; kept with the name of who releases it")
    private String reason;
  }

  /** A command that speaks to a console. */
  public CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (work != null && work.release != null) {
      release(hour(work.release.window), work.release.reason);
      return ExitCode.DONE.number();
    }
    Optional<TimeRange> hours = hours();
    QualityRules rules = QualityRules.from(console.config());
    CheckReport report =
        checking("tidemark job check", check -> check.run(hours, Instant.now()), rules);
    console.show(new CheckResult(report, rules));
    return (report.passes() ? ExitCode.DONE : ExitCode.REFUSED).number();
  }

  private void release(Instant hour, String reason) {
    if (reason.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--reason is empty");
    }
    Config config = console.config();
    String actor =
        Settings.optionalText(config, "quality.actor").orElse(System.getProperty("user.name"));
    List<String> rules =
        checking(
            "tidemark job check",
            check -> check.release(hour, reason, actor),
            QualityRules.from(config));
    console.show(new ReleaseResult(hour, rules, reason, actor));
  }

  private <T> T checking(String name, Function<QualityCheck, T> what, QualityRules rules) {
    return new JobSession(console.config(), name)
        .withAnyLake(lake -> what.apply(QualityCheck.open(lake, rules)));
  }

  private Instant hour(String text) {
    try {
      long micros = Micros.parse(text);
      if (Hours.startOf(micros) != micros) {
        throw new IllegalArgumentException(text + " is not the start of an hour");
      }
      return Micros.toInstant(micros);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private Optional<TimeRange> hours() {
    try {
      return Optional.ofNullable(work)
          .map(given -> given.range)
          .map(given -> TimeRange.parse(given.from, given.to));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
