package dev.tidemark.migrator.lint;

import java.util.List;
import java.util.Locale;

/** The rules, for those who list them. */
public final class RuleCatalogue {
  private RuleCatalogue() {}

  /**
   * One rule.
   *
   * @param id its stable name
   * @param hazard what it protects from, such as {@code locking}
   * @param level how much a hit matters, on a big table
   * @param remedy the safe way to write it
   */
  public record Entry(String id, String hazard, Level level, String remedy) {}

  /** Every rule, grouped by hazard. */
  public static List<Entry> all() {
    return Rules.all().stream()
        .map(
            rule ->
                new Entry(
                    rule.id(),
                    rule.hazard().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    rule.level(),
                    rule.remedy()))
        .toList();
  }
}
