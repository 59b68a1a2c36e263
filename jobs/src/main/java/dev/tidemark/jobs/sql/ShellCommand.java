package dev.tidemark.jobs.sql;

import java.util.List;
import java.util.Locale;

/** A line that the shell itself understands, rather than Spark. */
sealed interface ShellCommand {
  /** {@code \d}: the tables. */
  record ListTables() implements ShellCommand {}

  /** {@code \d NAME}: a table's columns. */
  record DescribeTable(String name) implements ShellCommand {}

  /** {@code \?}, and any other line that begins with a backslash. */
  record Help() implements ShellCommand {}

  /** {@code \q}, {@code exit} or {@code quit}, with or without a semicolon. */
  record Leave() implements ShellCommand {}

  /** Whether a line is the shell's own. */
  static boolean isOne(String line) {
    return line.strip().startsWith("\\")
        || List.of("exit", "quit").contains(word(line).toLowerCase(Locale.ROOT));
  }

  /** The command of a line that {@linkplain #isOne is one}. */
  static ShellCommand of(String line) {
    String[] words = word(line).split("\\s+");
    boolean describes = words[0].equals("\\d");
    if (describes && words.length == 1) {
      return new ListTables();
    }
    if (describes && words.length == 2) {
      return new DescribeTable(words[1]);
    }
    return words.length == 1
            && List.of("\\q", "exit", "quit").contains(words[0].toLowerCase(Locale.ROOT))
        ? new Leave()
        : new Help();
  }

  private static String word(String line) {
    return line.strip().replaceAll("\\s*;$", "");
  }
}
