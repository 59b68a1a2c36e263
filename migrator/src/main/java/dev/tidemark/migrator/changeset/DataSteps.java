package dev.tidemark.migrator.changeset;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the data steps of a change set: changeset.conf names them, the folder data has their SQL.
 */
final class DataSteps {
  /** The key of changeset.conf. */
  static final String KEY = "data-steps";

  private static final String FOLDER = "data";
  private static final Set<String> KEYS = Set.of("name", "table", "key", "batch");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  private final Path folder;
  private final String conf;
  private final Function<String, Script> scripts;
  private final Set<String> files = new HashSet<>();

  private DataSteps(Path folder, String conf, Function<String, Script> scripts) {
    this.folder = folder;
    this.conf = conf;
    this.scripts = scripts;
  }

  /**
   * Reads them.
   *
   * @param folder the change set's
   * @param conf the name of its changeset.conf, for messages
   * @param config what that holds
   * @param transactional whether it wants all of the change set or nothing
   * @param phase where it stands in an expand and contract change
   * @param scripts reads a script by its name within the folder
   * @return in the order of changeset.conf
   */
  static List<DataStep> read(
      Path folder,
      String conf,
      Config config,
      boolean transactional,
      ChangeSet.Phase phase,
      Function<String, Script> scripts) {
    DataSteps reader = new DataSteps(folder, conf, scripts);
    List<DataStep> steps = reader.steps(config);
    reader.refuseStrangers();
    if (!steps.isEmpty() && (transactional || phase != ChangeSet.Phase.MIGRATE)) {
      throw reader.bad(
          "batches are committed one by one, so that a change set with data steps has"
              + " transactional = false and phase = migrate");
    }
    return steps;
  }

  private List<DataStep> steps(Config config) {
    List<DataStep> steps = new ArrayList<>();
    if (!config.hasPath(KEY)) {
      return steps;
    }
    Set<String> names = new HashSet<>();
    for (Config step : config.getConfigList(KEY)) {
      DataStep read = step(step);
      if (!names.add(read.name())) {
        throw bad("two data steps have the name " + read.name());
      }
      steps.add(read);
    }
    return List.copyOf(steps);
  }

  private DataStep step(Config config) {
    Set<String> unknown = new TreeSet<>(config.root().keySet());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw bad(
          "unknown key %s of a data step; known are %s"
              .formatted(String.join(", ", unknown), String.join(", ", new TreeSet<>(KEYS))));
    }
    String name = config.getString("name");
    if (!NAME.matcher(name).matches()) {
      throw bad("the data step \"" + name + "\": small letters, digits and underscores, please");
    }
    long batch = config.hasPath("batch") ? config.getLong("batch") : 10_000;
    if (batch < 1 || batch > 1_000_000) {
      throw new ConfigException.BadValue(
          config.getValue("batch").origin(), "batch", "is not between 1 and 1000000");
    }
    Script script = one(FOLDER + "/" + name + ".sql");
    for (String end : List.of(DataStep.FROM, DataStep.TO)) {
      if (!script.statements().get(0).canonical().contains("${" + end + "}")) {
        throw bad(
            script.file() + " has no ${" + end + "}: a batch is the keys from ${from} to ${to}");
      }
    }
    String remaining = FOLDER + "/" + name + ".remaining.sql";
    return new DataStep(
        name,
        config.getString("table"),
        config.hasPath("key") ? config.getString("key") : "id",
        batch,
        script,
        Files.exists(folder.resolve(remaining)) ? Optional.of(one(remaining)) : Optional.empty());
  }

  private Script one(String file) {
    Script script = scripts.apply(file);
    files.add(file);
    if (script.statements().size() != 1) {
      throw bad(script.file() + " has " + script.statements().size() + " statements, not one");
    }
    return script;
  }

  /** A file that no step names would never be executed, and nobody would notice. */
  private void refuseStrangers() {
    Path data = folder.resolve(FOLDER);
    if (!Files.isDirectory(data)) {
      return;
    }
    try (Stream<Path> children = Files.list(data)) {
      children
          .map(child -> FOLDER + "/" + child.getFileName())
          .filter(file -> !files.contains(file) && !file.startsWith(FOLDER + "/."))
          .sorted()
          .findFirst()
          .ifPresent(
              file -> {
                throw bad(file + " belongs to none of the data steps");
              });
    } catch (IOException e) {
      throw MigratorFailures.unreadableChangeSet(data.toString(), e);
    }
  }

  private MigratorException bad(String reason) {
    return MigratorFailures.badDataStep(conf, reason);
  }
}
