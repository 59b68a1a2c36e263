package dev.tidemark.pipeline.backfill;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a control file asks for.
 *
 * @param paused whether no chunk is to be begun
 * @param rate how many events may be read a second at most, over chunk and pause; empty for no
 *     limit
 */
record Control(boolean paused, OptionalLong rate) {
  static final Control NONE = new Control(false, OptionalLong.empty());

  private static final Pattern RATE = Pattern.compile("rate\\s+(\\d{1,18}|none)");

  /**
   * Reads the lines of a control file: {@code pause}, {@code resume}, {@code rate N} and {@code
   * rate none}; of those that contradict each other the last counts. Empty lines and what follows a
   * {@code #} say nothing.
   *
   * @param nonsense is told each line that is none of these, which changes nothing
   */
  static Control parse(String text, Consumer<String> nonsense) {
    boolean paused = false;
    OptionalLong rate = OptionalLong.empty();
    for (String line : text.lines().toList()) {
      String order = line.replaceFirst("#.*", "").strip().toLowerCase(Locale.ROOT);
      Matcher number = RATE.matcher(order);
      if (order.equals("pause")) {
        paused = true;
      } else if (order.equals("resume")) {
        paused = false;
      } else if (order.equals("rate none")) {
        rate = OptionalLong.empty();
      } else if (number.matches() && Long.parseLong(number.group(1)) > 0) {
        rate = OptionalLong.of(Long.parseLong(number.group(1)));
      } else if (!order.isEmpty()) {
        nonsense.accept(line.strip());
      }
    }
    return new Control(paused, rate);
  }
}
