package dev.tidemark.migrator.artifact;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out what may be secret: literals after the word PASSWORD, and the values of placeholders.
 *
 * @param placeholders by their names; values shorter than 6 characters stay, as half of all words
 *     would go with them
 */
record Mask(Map<String, String> placeholders) {
  private static final int SHORTEST = 6;
  private static final Pattern PASSWORD =
      Pattern.compile(
          "(\\bpassword\\b\\s*=?\\s*)(E'(?:\\\\.|''|[^'\\\\])*'|''[^']+''|'(?:''|[^'])*'|\\$(\\w*)\\$.*?\\$\\3\\$)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  String hide(String text) {
    String hidden = PASSWORD.matcher(text).replaceAll("$1'***'");
    for (Map.Entry<String, String> placeholder :
        placeholders.entrySet().stream()
            .filter(entry -> entry.getValue().length() >= SHORTEST)
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().length()))
            .toList()) {
      hidden =
          hidden.replaceAll(
              Pattern.quote(placeholder.getValue()),
              Matcher.quoteReplacement("${" + placeholder.getKey() + "}"));
    }
    return hidden;
  }
}
