package dev.tidemark.migrator.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An example of what a rule finds or leaves alone, from the {@code .sql} files beside this class. A
 * line {@code --# rule ID} begins a rule; {@code --# given} the scene of the cases that follow;
 * {@code --# bad [TITLE] [@OPTION]} and {@code --# good …} a case; {@code --# next} its next
 * script.
 *
 * @param hazard the file's
 * @param rule the rule's stable name
 * @param bad whether the rule has to find something
 * @param title what is special about it, may be empty
 * @param options of {@code transactional, non-transactional, errors} (other errors are expected),
 *     or the least version of Postgres
 * @param given the scene
 * @param scripts the change sets
 */
record LintCase(
    Hazard hazard,
    String rule,
    boolean bad,
    String title,
    List<String> options,
    String given,
    List<String> scripts) {

  @Override
  public String toString() {
    return rule + (bad ? " fires" : " is silent") + (title.isEmpty() ? "" : ": " + title);
  }

  boolean runsOn(int majorVersion) {
    return options.stream()
        .filter(option -> option.matches("[0-9]+"))
        .allMatch(least -> Integer.parseInt(least) <= majorVersion);
  }

  /** Every case, in the order of the hazards and files. */
  static List<LintCase> all() {
    List<LintCase> cases = new ArrayList<>();
    for (Hazard hazard : Hazard.values()) {
      cases.addAll(of(hazard));
    }
    return cases;
  }

  private static List<LintCase> of(Hazard hazard) {
    List<LintCase> cases = new ArrayList<>();
    String rule = "";
    String given = "";
    String file = hazard.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".sql";
    for (String part : text(file).split("(?m)^--# ")) {
      String head = part.lines().findFirst().orElse("");
      String body = part.substring(head.length()).strip();
      String word = head.replaceFirst(" .*", "");
      String rest = head.substring(word.length()).strip();
      switch (word) {
        case "" -> {
          // Before the first mark.
        }
        case "rule" -> {
          rule = rest;
          given = "";
        }
        case "given" -> given = body;
        case "next" -> {
          LintCase last = cases.remove(cases.size() - 1);
          List<String> scripts = new ArrayList<>(last.scripts);
          scripts.add(body);
          cases.add(
              new LintCase(
                  hazard, rule, last.bad, last.title, last.options, given, List.copyOf(scripts)));
        }
        case "bad", "good" ->
            cases.add(
                new LintCase(
                    hazard,
                    rule,
                    word.equals("bad"),
                    rest.replaceAll("\\s*@\\S+", ""),
                    List.of(rest.split("\\s+")).stream()
                        .filter(option -> option.startsWith("@"))
                        .map(option -> option.substring(1))
                        .toList(),
                    given,
                    List.of(body)));
        default -> throw new IllegalStateException(file + ": " + head);
      }
    }
    return cases;
  }

  private static String text(String file) {
    try (InputStream stream = LintCase.class.getResourceAsStream(file)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
