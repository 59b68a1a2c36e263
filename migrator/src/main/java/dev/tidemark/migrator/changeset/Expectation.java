package dev.tidemark.migrator.changeset;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a single value has to be: {@code 0}, {@code true}, {@code ready}, or a bound such as {@code
 * >= 10}.
 *
 * @param text as it is written
 */
public record Expectation(String text) {
  private static final List<String> BOUNDS = List.of("<=", ">=", "<", ">");

  /**
   * Refuses a bound that is not followed by a number.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public Expectation {
    text = text.strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("it expects nothing");
    }
    String bound = bound(text);
    if (!bound.isEmpty() && number(text.substring(bound.length())) == null) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no bound: a number has to follow " + bound);
    }
  }

  /**
   * Whether a value is what is expected. Numbers are compared as numbers, whatever their scale;
   * everything else as text. A null never is.
   */
  public boolean isMetBy(String value) {
    if (value == null) {
      return false;
    }
    String bound = bound(text);
    BigDecimal expected = number(text.substring(bound.length()));
    BigDecimal found = number(value);
    if (bound.isEmpty()) {
      return expected != null && found != null
          ? expected.compareTo(found) == 0
          : text.equals(value.strip());
    }
    if (found == null) {
      return false;
    }
    int order = found.compareTo(expected);
    return switch (bound) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  @Override
  public String toString() {
    return text;
  }

  private static String bound(String text) {
    return BOUNDS.stream().filter(text::startsWith).findFirst().orElse("");
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
