package dev.tidemark.migrator.lint;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.trace.TableSizes;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How strict lint is.
 *
 * @param mode what apply does with findings
 * @param bigTableRows a table with fewer rows is small: what is long on a big one is quick there
 * @param smallTables names of tables that are small, whatever statistics say
 */
public record LintSettings(Mode mode, long bigTableRows, Set<String> smallTables) {
  /** What apply does with findings. */
  public enum Mode {
    /** It refuses a change set with a finding of level error. */
    REFUSE,
    /** It tells them and goes on. */
    WARN,
    /** It does not look. */
    OFF
  }

  /** Reads the section {@code migrate}. */
  public static LintSettings of(Config config) {
    String mode = Settings.choice(config, "migrate.lint", List.of("refuse", "warn", "off"));
    return new LintSettings(
        Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
        Settings.number(config, "migrate.big-table-rows", 0, Long.MAX_VALUE),
        Set.copyOf(
            Settings.value(
                config, "migrate.small-tables", c -> c.getStringList("migrate.small-tables"))));
  }

  /** The result with what is about small tables lowered to notes. */
  LintResult weigh(LintResult result, TableSizes sizes) {
    return new LintResult(
        result.file(),
        result.findings().stream()
            .map(
                finding ->
                    finding.sizedBy().filter(table -> isSmall(table, sizes)).isPresent()
                        ? finding.with(Level.NOTE)
                        : finding)
            .toList(),
        result.suppressed(),
        result.rewritten());
  }

  private boolean isSmall(String table, TableSizes sizes) {
    return smallTables.contains(table)
        || sizes.of(table).filter(size -> size.rows() < bigTableRows).isPresent();
  }
}
