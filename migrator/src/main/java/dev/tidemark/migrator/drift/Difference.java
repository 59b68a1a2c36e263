package dev.tidemark.migrator.drift;

import java.util.Optional;

/**
 * One thing in which a database is not what its change sets make of it.
 *
 * @param kind what kind of object, such as {@code column}
 * @param object its name, such as {@code users.full_name}
 * @param property what of it differs, such as {@code type}; empty if the whole object is missing or
 *     not expected
 * @param expected what the change sets make; empty if they do not make it
 * @param found what is there; empty if it is not
 */
public record Difference(
    String kind,
    String object,
    Optional<String> property,
    Optional<String> expected,
    Optional<String> found) {

  /** The difference in one sentence without a full stop. */
  public String message() {
    String subject = kind + " " + object;
    if (property.isPresent()) {
      return "%s: its %s is %s, expected %s"
          .formatted(subject, property.get(), shown(found), shown(expected));
    }
    if (found.isEmpty()) {
      return subject + " is missing" + told(expected);
    }
    return subject + " is there, but no change set makes it" + told(found);
  }

  private static String shown(Optional<String> value) {
    return value.filter(text -> !text.isEmpty()).map(Difference::oneLine).orElse("nothing");
  }

  private static String told(Optional<String> summary) {
    return summary.filter(text -> !text.isEmpty()).map(text -> ": " + oneLine(text)).orElse("");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
