package dev.tidemark.migrator.changeset;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.tidemark.migrator.changeset.ChangeSet.Phase;
import dev.tidemark.migrator.changeset.Checks.CriticalTable;
import dev.tidemark.migrator.changeset.ContractTerms.Answer;
import dev.tidemark.migrator.changeset.ContractTerms.Evidence;
import dev.tidemark.migrator.changeset.ContractTerms.Unused;
import dev.tidemark.migrator.failure.MigratorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys {@code checks} and {@code contract} of a changeset.conf. */
final class GuardKeys {
  private static final String CHECKS = "checks";
  private static final String CONTRACT = "contract";
  private static final Set<String> CHECK_LISTS = Set.of("before", "after", "critical-tables");
  private static final Set<String> CHECK = Set.of("name", "sql", "expect");

  private final Config config;
  private final String file;
  private final String version;

  /**
   * Keys of one file.
   *
   * @param file its name, for messages
   * @param version of its change set
   */
  GuardKeys(Config config, String file, String version) {
    this.config = config;
    this.file = file;
    this.version = version;
  }

  /** What has to hold around apply.sql. */
  Checks checks() {
    return checks(CHECKS, Set.of("before", "after", "critical-tables", "rollback"));
  }

  /** What has to hold around rollback.sql. */
  Checks rollbackChecks() {
    return checks(CHECKS + ".rollback", CHECK_LISTS);
  }

  /** When the old shape may be taken away; only for phase contract. */
  Optional<ContractTerms> contract() {
    if (!config.hasPath(CONTRACT)) {
      return Optional.empty();
    }
    Config terms = config.getConfig(CONTRACT);
    known(CONTRACT, terms, Set.of("of", "after", "unused-for", "evidence"));
    if (!Phase.CONTRACT.name().equalsIgnoreCase(config.getString("phase"))) {
      throw bad(CONTRACT, "it belongs to phase = contract only");
    }
    String of = terms.getString("of").replaceFirst("_.*", "");
    if (!of.matches("[0-9]{12}")) {
      throw bad(CONTRACT + ".of", "\"" + of + "\" is no version of the form YYYYMMDDHHMM");
    }
    if (of.compareTo(version) >= 0) {
      throw bad(CONTRACT + ".of", of + " is not before " + version);
    }
    List<Evidence> evidence = list(terms, CONTRACT, "evidence", this::evidence);
    if (evidence.isEmpty()) {
      throw bad(CONTRACT + ".evidence", "it has to name what shows that the old shape is unused");
    }
    return Optional.of(
        new ContractTerms(of, duration(terms, "after"), duration(terms, "unused-for"), evidence));
  }

  private Checks checks(String path, Set<String> keys) {
    if (!config.hasPath(path)) {
      return Checks.NONE;
    }
    Config section = config.getConfig(path);
    known(path, section, keys);
    List<CriticalTable> critical = list(section, path, "critical-tables", this::critical);
    boolean transactional = !config.hasPath("transactional") || config.getBoolean("transactional");
    if (!critical.isEmpty() && !transactional) {
      throw bad(
          path + ".critical-tables",
          "without a transaction nobody can tell its rows from those of others; ask with checks");
    }
    return new Checks(
        list(section, path, "before", this::check),
        list(section, path, "after", this::check),
        critical);
  }

  private Check check(String path, Config item) {
    known(path, item, CHECK);
    return question(path, item);
  }

  private Check question(String path, Config item) {
    return new Check(
        item.getString("name"), query(path, item), expectation(path, item.getString("expect")));
  }

  private CriticalTable critical(String path, Config item) {
    known(path, item, Set.of("table", "rows"));
    String rows = item.getString("rows");
    Expectation expected = expectation(path, rows.equals("unchanged") ? "0" : rows);
    if (!expected.text().matches("([<>]=?)? *[-+]?[0-9]+")) {
      throw bad(path + ".rows", "\"" + rows + "\" is none of unchanged, +N, -N, or a bound");
    }
    return new CriticalTable(item.getString("table"), expected);
  }

  private Evidence evidence(String path, Config item) {
    String kind = item.getString("kind");
    switch (kind) {
      case "query":
        known(path, item, Set.of("kind", "name", "sql", "expect"));
        return new Answer(question(path, item));
      case "unused-table":
        known(path, item, Set.of("kind", "table"));
        return new Unused(Unused.Kind.TABLE, item.getString("table"));
      case "unused-index":
        known(path, item, Set.of("kind", "index"));
        return new Unused(Unused.Kind.INDEX, item.getString("index"));
      default:
        throw bad(path, "\"" + kind + "\" is none of query, unused-table, unused-index");
    }
  }

  private Statement query(String path, Config item) {
    List<Statement> statements;
    try {
      statements = Script.of(file, item.getString("sql")).statements();
    } catch (MigratorException e) {
      throw bad(path + ".sql", e.reason());
    }
    if (statements.size() != 1) {
      throw bad(path + ".sql", "it has " + statements.size() + " statements instead of one");
    }
    return statements.get(0);
  }

  private Expectation expectation(String path, String text) {
    try {
      return new Expectation(text);
    } catch (IllegalArgumentException e) {
      throw bad(path, e.getMessage());
    }
  }

  private interface Reader<T> {
    T read(String path, Config item);
  }

  private <T> List<T> list(Config section, String path, String key, Reader<T> reader) {
    if (!section.hasPath(key)) {
      return List.of();
    }
    List<T> items = new ArrayList<>();
    for (Config item : section.getConfigList(key)) {
      items.add(reader.read(path + "." + key, item));
    }
    return List.copyOf(items);
  }

  private static Optional<Duration> duration(Config section, String key) {
    return section.hasPath(key) ? Optional.of(section.getDuration(key)) : Optional.empty();
  }

  private void known(String path, Config section, Set<String> keys) {
    Set<String> unknown = new TreeSet<>(section.root().keySet());
    unknown.removeAll(keys);
    if (!unknown.isEmpty()) {
      throw bad(
          path,
          "unknown key "
              + String.join(", ", unknown)
              + "; known are "
              + String.join(", ", new TreeSet<>(keys)));
    }
  }

  /** Told with the file's name by whoever reads it. */
  private ConfigException bad(String path, String reason) {
    return new ConfigException.Generic(path + ": " + reason);
  }
}
