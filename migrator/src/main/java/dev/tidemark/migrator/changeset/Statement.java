package dev.tidemark.migrator.changeset;

import dev.tidemark.migrator.failure.MigratorFailures;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement of a script.
 *
 * @param text as written, without the semicolon and without what stands before or after it
 * @param line number of the line it begins on, from 1
 * @param canonical the text with comments and optional white space taken out, quoted text
 *     untouched: two statements that mean the same differ in it only if they differ in words
 */
public record Statement(String text, int line, String canonical) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z][a-z0-9_.-]*)}");

  /** Number of the line it ends on. */
  public int lastLine() {
    return line + (int) text.chars().filter(unit -> unit == '\n').count();
  }

  /**
   * The text with every <code>${placeholder}</code> filled in.
   *
   * @param file the script's name, for messages
   * @throws dev.tidemark.migrator.failure.MigratorException if there is no value for one of them
   */
  public String filled(String file, Map<String, String> values) {
    return filled(text, file, values);
  }

  /**
   * The canonical text with every <code>${placeholder}</code> filled in.
   *
   * @param file the script's name, for messages
   * @throws dev.tidemark.migrator.failure.MigratorException if there is no value for one of them
   */
  public String filledCanonical(String file, Map<String, String> values) {
    return filled(canonical, file, values);
  }

  private String filled(String template, String file, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(match -> Matcher.quoteReplacement(value(file, match.group(1), values)));
  }

  private String value(String file, String name, Map<String, String> values) {
    if (!values.containsKey(name)) {
      throw MigratorFailures.unknownPlaceholder(file, line, name);
    }
    return values.get(name);
  }
}
