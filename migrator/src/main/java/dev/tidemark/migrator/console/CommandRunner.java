package dev.tidemark.migrator.console;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs a picocli command: global options, exit codes, and one message for each failure. */
public final class CommandRunner {
  private final Console console;
  private final CommandLine commandLine;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private CommandRunner(Console console, CommandLine commandLine) {
    this.console = console;
    this.commandLine = commandLine;
  }

  /**
   * Runs a command and never throws.
   *
   * <p>A user's failure is told on standard error in three lines: problem with its code, cause,
   * remedy. Anything else that is thrown is told as a defect of ours. Stack traces are shown with
   * {@code --verbose} only. Interrupted by Ctrl-C, the process ends with 130 after its shutdown
   * hooks have run.
   *
   * @param commandLine the command with its subcommands; the global options are added to it
   * @return the exit status of the process
   */
  public static int run(Console console, CommandLine commandLine, String... arguments) {
    return new CommandRunner(console, commandLine).run(arguments);
  }

  private int run(String... arguments) {
    commandLine.addMixin("globalOptions", console.options());
    commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    commandLine.setParameterExceptionHandler((failure, given) -> badUsage(failure));
    commandLine.setExecutionExceptionHandler((failure, line, parsed) -> failed(failure));
    listExitCodes(commandLine);

    Thread announcement = new Thread(this::announceInterruption, "interruption");
    Runtime.getRuntime().addShutdownHook(announcement);
    try {
      return commandLine.execute(arguments);
    } catch (Throwable failure) {
      return failed(failure);
    } finally {
      if (!stopping.get()) {
        removeHook(announcement);
      }
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook with it.
    }
  }

  private void announceInterruption() {
    stopping.set(true);
    console.note("Interrupted.");
  }

  private int badUsage(ParameterException failure) {
    console.note(
        tell(
            "TM-CLI-001: This command line cannot be used",
            failure.getMessage(),
            suggestion(failure)
                + "`"
                + failure.getCommandLine().getCommandSpec().qualifiedName()
                + " --help` shows what it takes"));
    showTrace(failure);
    return ExitCode.USAGE.number();
  }

  private static String suggestion(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return "did you mean " + String.join(" or ", unmatched.getSuggestions()) + "? ";
    }
    return "";
  }

  private int failed(Throwable failure) {
    // What fails because the process is ending is not worth a message.
    if (stopping.get()) {
      return ExitCode.INTERRUPTED.number();
    }
    UserFailure known = userFailure(failure);
    if (known == null) {
      console.note(
          tell(
              "TM-DEF-001: This is a defect of ours, not of yours",
              failure.toString(),
              "run it again with --verbose and report what it prints"));
    } else {
      console.note(tell(known.code() + ": " + known.problem(), known.reason(), known.remedy()));
    }
    showTrace(failure);
    return (known == null ? ExitCode.DEFECT : known.exitCode()).number();
  }

  private void showTrace(Throwable failure) {
    if (console.options().verbose()) {
      failure.printStackTrace(console.err());
    }
  }

  private static String tell(String problem, String reason, String remedy) {
    return problem + "\n  Cause:  " + oneLine(reason) + "\n  Remedy: " + oneLine(remedy);
  }

  private static String oneLine(String text) {
    return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The libraries between us wrap what we throw; the user's failure lies somewhere within. */
  private static UserFailure userFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserFailure known) {
        return known;
      }
    }
    return null;
  }

  private static void listExitCodes(CommandLine command) {
    TreeSet<ExitCode> codes = new TreeSet<>();
    codes.add(ExitCode.DONE);
    codes.add(ExitCode.DEFECT);
    codes.add(ExitCode.USAGE);
    codes.add(ExitCode.INTERRUPTED);
    collectExitCodes(command, codes);

    Map<String, String> lines = new LinkedHashMap<>();
    codes.forEach(code -> lines.put(String.valueOf(code.number()), code.meaning()));
    command
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(lines);
    command.getSubcommands().values().forEach(CommandRunner::listExitCodes);
  }

  private static void collectExitCodes(CommandLine command, TreeSet<ExitCode> codes) {
    Exits exits = command.getCommandSpec().userObject().getClass().getAnnotation(Exits.class);
    if (exits != null) {
      codes.addAll(List.of(exits.value()));
    }
    command.getSubcommands().values().forEach(child -> collectExitCodes(child, codes));
  }
}
