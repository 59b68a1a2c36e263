package dev.tidemark.migrator.rule;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where a schema departs from a rule on purpose, with the reason. */
final class Exceptions {
  private static final String BUILT_IN = "conf/design-rules.conf";

  private final List<Entry> entries;

  private Exceptions(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * One departure.
   *
   * @param table a table, view, type or function
   * @param columns the columns that it is about; empty for all that the rule finds in the table
   */
  private record Entry(String rule, String table, Set<String> columns, String reason) {
    private boolean excuses(Finding finding) {
      return finding.rule().equals(rule)
          && finding.table().equals(table)
          && (columns.isEmpty() || finding.column().filter(columns::contains).isPresent());
    }
  }

  static Exceptions of(Config config) {
    Optional<String> file = Settings.optionalText(config, "migrate.design-rules");
    if (file.isEmpty()) {
      return parse(
          BUILT_IN, ConfigFactory.parseResources(Exceptions.class.getClassLoader(), BUILT_IN));
    }
    if (!Files.isReadable(Path.of(file.get()))) {
      throw MigratorFailures.badDesignRules(file.get(), "it cannot be read", null);
    }
    try {
      return parse(file.get(), ConfigFactory.parseFile(Path.of(file.get()).toFile()));
    } catch (ConfigException e) {
      throw MigratorFailures.badDesignRules(file.get(), e.getMessage(), e);
    }
  }

  /** The findings that nothing excuses. */
  List<Finding> without(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> entries.stream().noneMatch(entry -> entry.excuses(finding)))
        .toList();
  }

  /** A finding for each exception, and each column in one, that excuses none of the given ones. */
  List<Finding> unused(List<Finding> findings) {
    List<Finding> unused = new ArrayList<>();
    for (Entry entry : entries) {
      List<Finding> excused = findings.stream().filter(entry::excuses).toList();
      if (excused.isEmpty()) {
        unused.add(unused(entry, Optional.empty()));
      } else {
        Set<String> columns = new TreeSet<>(entry.columns());
        excused.forEach(finding -> finding.column().ifPresent(columns::remove));
        columns.forEach(column -> unused.add(unused(entry, Optional.of(column))));
      }
    }
    return unused;
  }

  private static Finding unused(Entry entry, Optional<String> column) {
    return new Finding(
        "exception.unused",
        entry.table(),
        column,
        "Nothing breaks the rule %s there any more".formatted(entry.rule()),
        "take the exception out of conf/design-rules.conf");
  }

  private static Exceptions parse(String file, Config given) {
    try {
      Config config = given.resolve();
      refuseUnknown(config, Set.of("exceptions"));
      Set<String> rules =
          DesignRules.rules(Optional.empty(), true).map(Rule::id).collect(Collectors.toSet());
      rules.add("classification.gap");
      List<Entry> entries = new ArrayList<>();
      for (Config entry : config.getConfigList("exceptions")) {
        entries.addAll(entries(entry, rules));
      }
      return new Exceptions(List.copyOf(entries));
    } catch (ConfigException e) {
      throw MigratorFailures.badDesignRules(file, e.getMessage(), e);
    }
  }

  private static List<Entry> entries(Config entry, Set<String> rules) {
    refuseUnknown(entry, Set.of("rule", "tables", "columns", "reason"));
    String rule = entry.getString("rule");
    if (!rules.contains(rule)) {
      throw new ConfigException.BadValue(
          entry.getValue("rule").origin(), "rule", "there is no rule " + rule);
    }
    String reason = entry.getString("reason");
    if (reason.isBlank()) {
      throw new ConfigException.BadValue(
          entry.getValue("reason").origin(), "reason", "it says nothing");
    }
    Set<String> columns =
        entry.hasPath("columns") ? new TreeSet<>(entry.getStringList("columns")) : Set.of();
    return entry.getStringList("tables").stream()
        .map(table -> new Entry(rule, table, columns, reason))
        .toList();
  }

  private static void refuseUnknown(Config config, Set<String> known) {
    config
        .root()
        .forEach(
            (key, value) -> {
              if (!known.contains(key)) {
                throw new ConfigException.BadValue(
                    value.origin(), key, "the key is none of " + new TreeSet<>(known));
              }
            });
  }
}
