package dev.tidemark.migrator.changeset;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads change sets from a folder, or from a resource folder inside a jar. */
public final class ChangeSets {
  private static final Pattern NAME = Pattern.compile("([0-9]{12})_([a-z][a-z0-9_]*)/?");
  private static final DateTimeFormatter VERSION =
      DateTimeFormatter.ofPattern("uuuuMMddHHmm").withResolverStyle(ResolverStyle.STRICT);
  private static final Set<String> KEYS =
      Set.of(
          "title",
          "author",
          "reviewers",
          "risk",
          "risk-assessment",
          "touches",
          "transactional",
          "phase",
          "expected-duration",
          "statement-timeout",
          "checks",
          "contract",
          DataSteps.KEY);

  private static final Set<String> TRANSACTION_CONTROL =
      Set.of("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release");

  private ChangeSets() {}

  /**
   * Reads every change set of a folder; files beside the change sets' folders are left alone.
   *
   * @return in the order of their versions
   * @throws MigratorException if the folder or a change set in it cannot be used
   */
  public static List<ChangeSet> read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw MigratorFailures.noChangeSetFolder(folder.toString());
    }
    TreeMap<String, ChangeSet> byVersion = new TreeMap<>();
    for (Path child : folders(folder)) {
      ChangeSet changeSet = readOne(child);
      ChangeSet other = byVersion.put(changeSet.version(), changeSet);
      if (other != null) {
        throw MigratorFailures.duplicateVersion(
            changeSet.version(), other.name(), changeSet.name());
      }
    }
    return List.copyOf(byVersion.values());
  }

  /**
   * Reads every change set of a resource folder, be it in a jar or in a folder of classes.
   *
   * @param loader sees the resource
   * @param resource such as {@code db/operational}, without slashes at the ends
   * @throws MigratorException if a change set cannot be used
   */
  public static List<ChangeSet> readResources(ClassLoader loader, String resource) {
    URL url = loader.getResource(resource);
    if (url == null) {
      throw MigratorFailures.noChangeSetFolder("class path, " + resource);
    }
    try {
      URI uri = url.toURI();
      if (!uri.getScheme().equals("jar")) {
        return read(Path.of(uri));
      }
      String jar = uri.getRawSchemeSpecificPart().replaceFirst("!.*", "");
      try (FileSystem files = FileSystems.newFileSystem(Path.of(URI.create(jar)))) {
        return read(files.getPath("/" + resource));
      }
    } catch (IOException | URISyntaxException e) {
      throw MigratorFailures.unreadableChangeSet(url.toString(), e);
    }
  }

  private static List<Path> folders(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(Files::isDirectory)
          .filter(child -> !child.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw MigratorFailures.unreadableChangeSet(folder.toString(), e);
    }
  }

  private static ChangeSet readOne(Path folder) {
    Matcher name = NAME.matcher(folder.getFileName().toString());
    if (!name.matches() || !isTime(name.group(1))) {
      throw MigratorFailures.badChangeSetName(folder.getFileName().toString());
    }
    SortedMap<String, byte[]> files = files(folder);
    Config config = config(folder, files);
    boolean transactional =
        value(folder, config, c -> !c.hasPath("transactional") || c.getBoolean("transactional"));
    ChangeSet.Phase phase = value(folder, config, c -> choice(c, "phase", ChangeSet.Phase.class));
    List<DataStep> dataSteps =
        value(
            folder,
            config,
            c ->
                DataSteps.read(
                    folder,
                    file(folder, "changeset.conf"),
                    c,
                    transactional,
                    phase,
                    file -> script(folder, files, file)));
    GuardKeys guards = new GuardKeys(config, file(folder, "changeset.conf"), name.group(1));
    return new ChangeSet(
        name.group(1),
        name.group(2),
        value(folder, config, c -> words(c, "title")),
        value(folder, config, c -> words(c, "author")),
        value(folder, config, c -> texts(c, "reviewers")),
        value(folder, config, c -> choice(c, "risk", ChangeSet.Risk.class)),
        value(folder, config, c -> words(c, "risk-assessment")),
        value(folder, config, c -> c.getStringList("touches")),
        transactional,
        phase,
        value(folder, config, c -> duration(c, "expected-duration")),
        value(folder, config, c -> duration(c, "statement-timeout")),
        value(folder, config, c -> guards.checks()),
        value(folder, config, c -> guards.rollbackChecks()),
        value(folder, config, c -> guards.contract()),
        dataSteps.isEmpty()
            ? script(folder, files, "apply.sql")
            : scriptThatMayBeEmpty(folder, files, "apply.sql"),
        script(folder, files, "rollback.sql"),
        script(folder, files, "verify.sql"),
        dataSteps,
        Content.of(files));
  }

  private static boolean isTime(String version) {
    try {
      LocalDateTime.parse(version, VERSION);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Read once, so that what is executed is what the content's checksum is made of. */
  private static SortedMap<String, byte[]> files(Path folder) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name =
            folder.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
        if (Stream.of(name.split("/")).noneMatch(part -> part.startsWith("."))) {
          files.put(name, Files.readAllBytes(path));
        }
      }
    } catch (IOException e) {
      throw MigratorFailures.unreadableChangeSet(folder.toString(), e);
    }
    return files;
  }

  private static Config config(Path folder, Map<String, byte[]> files) {
    Config config;
    try {
      config = ConfigFactory.parseString(text(folder, files, "changeset.conf")).resolve();
    } catch (ConfigException e) {
      throw MigratorFailures.badChangeSetConf(file(folder, "changeset.conf"), e.getMessage(), e);
    }
    Set<String> unknown = new TreeSet<>(config.root().keySet());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw MigratorFailures.badChangeSetConf(
          file(folder, "changeset.conf"),
          "unknown key "
              + String.join(", ", unknown)
              + "; known are "
              + KEYS.stream().sorted().collect(Collectors.joining(", ")),
          null);
    }
    return config;
  }

  private static <T> T value(Path folder, Config config, Function<Config, T> reader) {
    try {
      return reader.apply(config);
    } catch (ConfigException e) {
      throw MigratorFailures.badChangeSetConf(file(folder, "changeset.conf"), e.getMessage(), e);
    }
  }

  /** Left empty by whoever has not filled the scaffold in. */
  private static String words(Config config, String key) {
    String words = config.getString(key).strip();
    if (words.isEmpty()) {
      throw new ConfigException.BadValue(
          config.getValue(key).origin(), key, "it is empty: somebody has to fill it in");
    }
    return words;
  }

  private static List<String> texts(Config config, String key) {
    return config.hasPath(key) ? List.copyOf(config.getStringList(key)) : List.of();
  }

  private static Optional<Duration> duration(Config config, String key) {
    return config.hasPath(key) ? Optional.of(config.getDuration(key)) : Optional.empty();
  }

  private static <E extends Enum<E>> E choice(Config config, String key, Class<E> type) {
    String word = config.getString(key);
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(constant.name().toLowerCase(Locale.ROOT));
    }
    if (!words.contains(word)) {
      throw new ConfigException.BadValue(
          config.getValue(key).origin(), key, "\"" + word + "\" is none of " + words);
    }
    return type.getEnumConstants()[words.indexOf(word)];
  }

  private static Script script(Path folder, Map<String, byte[]> files, String name) {
    Script script = scriptThatMayBeEmpty(folder, files, name);
    if (script.statements().isEmpty()) {
      throw MigratorFailures.emptyScript(script.file());
    }
    return script;
  }

  private static Script scriptThatMayBeEmpty(Path folder, Map<String, byte[]> files, String name) {
    Script script = Script.of(file(folder, name), text(folder, files, name));
    script.statements().forEach(statement -> refuseTransactionControl(script, statement));
    return script;
  }

  private static void refuseTransactionControl(Script script, Statement statement) {
    String word = statement.canonical().split("[^A-Za-z]", 2)[0];
    if (TRANSACTION_CONTROL.contains(word.toLowerCase(Locale.ROOT))) {
      throw MigratorFailures.transactionControl(script.file(), statement.line(), word);
    }
  }

  private static String text(Path folder, Map<String, byte[]> files, String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw MigratorFailures.missingFile(file(folder, name));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw MigratorFailures.unreadableChangeSet(
          file(folder, name), new IOException("it is not UTF-8", e));
    }
  }

  private static String file(Path folder, String name) {
    return folder.getFileName().toString().replace("/", "") + "/" + name;
  }
}
