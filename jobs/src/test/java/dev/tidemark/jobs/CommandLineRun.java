package dev.tidemark.jobs;

import dev.tidemark.migrator.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/** What a command printed, and how it ended. */
public record CommandLineRun(int exit, String out, String err) {
  /** Runs a command within this process. */
  public static CommandLineRun of(
      BiFunction<Console, String[], Integer> command, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        command.apply(
            new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false),
            arguments);
    return new CommandLineRun(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The value of a key that occurs once in the JSON, as its text. */
  public String value(String key) {
    return out.replaceFirst("(?s).*?\"" + key + "\":(\"[^\"]*\"|[^,{}\\[\\]]*).*", "$1");
  }

  /** The same as a number. */
  public long number(String key) {
    return Long.parseLong(value(key));
  }
}
