package dev.tidemark.migrator.classification;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tag of every column and the retention of every table of one store, as a file decides them.
 * {@code docs/schema-docs.md} explains the file.
 */
public final class Classification {
  private static final String BUILT_IN = "conf/data-classification.conf";

  private final Map<String, Tag> standard;
  private final Map<String, TableEntry> tables;

  Classification(Map<String, Tag> standard, Map<String, TableEntry> tables) {
    this.standard = standard;
    this.tables = tables;
  }

  /** Where tables live. */
  public enum Store {
    /** Postgres. */
    OPERATIONAL,
    /** Delta tables. */
    LAKE
  }

  /**
   * How long rows are kept, and why they may be held at all.
   *
   * @param retention for people
   * @param legalBasis for people
   */
  public record Policy(String retention, String legalBasis) {}

  /**
   * A column that nobody classified, or an entry for what is not there.
   *
   * @param column empty if it is about the whole table
   * @param missing whether the file lacks it; else the file has it and the store does not
   */
  public record Gap(String table, Optional<String> column, boolean missing) {
    @Override
    public String toString() {
      String name = table + column.map(c -> "." + c).orElse("");
      return missing ? name + " is not classified" : name + " is classified, but is not there";
    }
  }

  record TableEntry(Policy policy, Map<String, Tag> tags) {}

  /**
   * That of the operational tables as the configuration has it: {@code migrate.classification}, or
   * that of the program, or nothing if the change sets are the user's own.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if the file cannot be used
   */
  public static Optional<Classification> of(Config config) {
    Optional<String> file = Settings.optionalText(config, "migrate.classification");
    if (file.isPresent()) {
      return Optional.of(read(Path.of(file.get()), Store.OPERATIONAL));
    }
    return Settings.optionalText(config, "migrate.change-sets").isPresent()
        ? Optional.empty()
        : Optional.of(builtIn(Store.OPERATIONAL));
  }

  /** That of the program's own tables. */
  public static Classification builtIn(Store store) {
    return parse(
        BUILT_IN,
        ConfigFactory.parseResources(Classification.class.getClassLoader(), BUILT_IN),
        store);
  }

  /**
   * Reads a file.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if it cannot be used
   */
  public static Classification read(Path file, Store store) {
    if (!Files.isReadable(file)) {
      throw MigratorFailures.badClassification(file.toString(), "it cannot be read", null);
    }
    try {
      return parse(file.toString(), ConfigFactory.parseFile(file.toFile()), store);
    } catch (ConfigException e) {
      throw MigratorFailures.badClassification(file.toString(), e.getMessage(), e);
    }
  }

  /** The tag of a column: the table's own, or that of the standard column of that name. */
  public Optional<Tag> tag(String table, String column) {
    TableEntry entry = tables.get(table);
    return entry == null
        ? Optional.empty()
        : Optional.ofNullable(entry.tags().getOrDefault(column, standard.get(column)));
  }

  /** How long the rows of a table are kept, and why. */
  public Optional<Policy> policy(String table) {
    return Optional.ofNullable(tables.get(table)).map(TableEntry::policy);
  }

  /**
   * Compares the file with what there is, both ways.
   *
   * @param columns the names of the columns of every table
   * @return in the order of the given tables, then of the file
   */
  public List<Gap> gaps(Map<String, ? extends Collection<String>> columns) {
    List<Gap> gaps = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    columns.forEach(
        (table, names) -> {
          seen.addAll(names);
          if (tables.containsKey(table)) {
            names.stream()
                .filter(column -> tag(table, column).isEmpty())
                .forEach(column -> gaps.add(new Gap(table, Optional.of(column), true)));
          } else {
            gaps.add(new Gap(table, Optional.empty(), true));
          }
        });
    tables.forEach(
        (table, entry) -> {
          if (columns.containsKey(table)) {
            entry.tags().keySet().stream()
                .filter(column -> !columns.get(table).contains(column))
                .forEach(column -> gaps.add(new Gap(table, Optional.of(column), false)));
          } else {
            gaps.add(new Gap(table, Optional.empty(), false));
          }
        });
    standard.keySet().stream()
        .filter(column -> !seen.contains(column))
        .forEach(column -> gaps.add(new Gap("standard", Optional.of(column), false)));
    return List.copyOf(gaps);
  }

  private static Classification parse(String file, Config config, Store store) {
    try {
      return ClassificationFile.read(config.resolve(), store);
    } catch (ConfigException e) {
      throw MigratorFailures.badClassification(file, e.getMessage(), e);
    }
  }
}
