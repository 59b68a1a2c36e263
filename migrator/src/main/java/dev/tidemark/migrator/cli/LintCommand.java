package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.lint.LintResult;
import dev.tidemark.migrator.rehearsal.Rehearsal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code migrate lint}: what is dangerous in a change set. */
@Command(
    name = "lint",
    description =
        "Run the pending change sets on a throw-away database and tell what is dangerous in them")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE})
final class LintCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--sql",
      paramLabel = "FILE",
      arity = "1..*",
      description = "judge these scripts instead, as if they were the next change sets")
  private List<Path> scripts = List.of();

  @Option(
      names = "--given",
      paramLabel = "FILE",
      description =
          "a script that sets the scene first; one that makes what change sets make already"
              + " stands for itself")
  private Optional<Path> given = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "text|json|sarif",
      description = "how findings are written; text unless told otherwise")
  private LintReport.Format format = LintReport.Format.TEXT;

  private LintCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new LintCommand(console)).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() {
    Rehearsal rehearsal = new Rehearsal(console.config(), console::note);
    List<LintResult> results =
        scripts.isEmpty() && given.isEmpty() ? rehearsal.lint() : rehearsal.lint(given, scripts);
    LintReport report = new LintReport(results, format);
    console.show(report);
    return (report.hasErrors() ? ExitCode.REFUSED : ExitCode.DONE).number();
  }
}
