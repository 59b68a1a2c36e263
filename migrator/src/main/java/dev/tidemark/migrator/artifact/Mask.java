package dev.tidemark.migrator.artifact;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes out what may be secret: literals after the word PASSWORD, and the values of placeholders.
 */
final class Mask {
  private static final int SHORTEST = 6;
  private static final Pattern WORD = Pattern.compile("password", Pattern.CASE_INSENSITIVE);
  private static final Pattern PASSWORD =
      Pattern.compile(
          "(\\bpassword\\b\\s*=?\\s*)(E'(?:\\\\.|''|[^'\\\\])*'|''[^']+''|'(?:''|[^'])*'|\\$(\\w*)\\$.*?\\$\\3\\$)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final List<Map.Entry<String, String>> placeholders;

  /**
   * @param placeholders by their names; values shorter than 6 characters stay, as half of all words
   *     would go with them
   */
  Mask(Map<String, String> placeholders) {
    this.placeholders =
        placeholders.entrySet().stream()
            .filter(entry -> entry.getValue().length() >= SHORTEST)
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().length()))
            .toList();
  }

  String hide(String text) {
    // Nearly no text has the word, and looking for it alone is many times as fast.
    String hidden = WORD.matcher(text).find() ? PASSWORD.matcher(text).replaceAll("$1'***'") : text;
    for (Map.Entry<String, String> placeholder : placeholders) {
      hidden = hidden.replace(placeholder.getValue(), "${" + placeholder.getKey() + "}");
    }
    return hidden;
  }
}
