package dev.tidemark.migrator.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads HOCON over the defaults of every {@code reference.conf} on the class path.
 *
 * <p>A key that no {@code reference.conf} documents is refused, so that a typing error never turns
 * into a silent default. A key without a default is documented there as {@code null}.
 */
public final class Settings {
  /** Sections whose keys are free: column mappings, reader options, engine settings. */
  private static final Set<String> FREE_FORM =
      Set.of("source.columns", "source.options", "spark", "migrate.placeholders");

  /** Top-level sections; a module that is not on the class path still owns its names. */
  private static final Set<String> SECTIONS =
      Set.of(
          "home",
          "database",
          "governor",
          "migrate",
          "partitions",
          "secrecy",
          "seed",
          "lake",
          "source",
          "landing",
          "quality",
          "publish",
          "maintenance",
          "lineage",
          "status",
          "capacity",
          "spark");

  private Settings() {}

  /**
   * Loads the configuration.
   *
   * @param file the user's file, or empty for the defaults alone
   * @return the defaults overlaid with the file, substitutions resolved (environment included)
   * @throws SettingsException if the file is missing or malformed, or has an unknown key
   */
  public static Config load(Optional<Path> file) {
    Config user = file.map(Settings::parse).orElseGet(ConfigFactory::empty);
    return resolve(user, file.map(Path::toString).orElse("the defaults"));
  }

  /** Loads a configuration given as text, for tests and for programs that compose one. */
  public static Config parse(String hocon) {
    try {
      return resolve(ConfigFactory.parseString(hocon), "the given text");
    } catch (ConfigException e) {
      throw SettingsException.unreadable("the given text", e);
    }
  }

  /**
   * Reads one value and turns what can be wrong with it into a failure that names key and place.
   *
   * @param config the loaded configuration
   * @param key path of the value
   * @param reader for example {@code Config::getLong} bound to the key
   */
  public static <T> T value(Config config, String key, Function<Config, T> reader) {
    try {
      return reader.apply(config);
    } catch (ConfigException e) {
      throw SettingsException.badValue(
          key,
          String.valueOf(e.getMessage()),
          "give a value of the kind that docs/configuration.md names",
          e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw SettingsException.badValue(
          key,
          place(config, key) + e.getMessage(),
          "give a value of the kind that docs/configuration.md names",
          e);
    }
  }

  /** A text that must be there. */
  public static String text(Config config, String key) {
    return value(config, key, c -> c.getString(key));
  }

  /** A text that may be absent. */
  public static Optional<String> optionalText(Config config, String key) {
    return value(
        config, key, c -> c.hasPath(key) ? Optional.of(c.getString(key)) : Optional.empty());
  }

  /** A duration such as {@code 24h} or {@code 90 seconds}; never negative. */
  public static Duration duration(Config config, String key) {
    Duration duration = value(config, key, c -> c.getDuration(key));
    if (duration.isNegative()) {
      throw SettingsException.badValue(
          key,
          place(config, key) + duration + " is negative",
          "give a duration of zero or more, such as 24h",
          null);
    }
    return duration;
  }

  /** A time zone by its IANA name, such as {@code UTC} or {@code Europe/Berlin}. */
  public static ZoneId zone(Config config, String key) {
    return value(config, key, c -> ZoneId.of(c.getString(key)));
  }

  /** One of a fixed set of words. */
  public static String choice(Config config, String key, List<String> choices) {
    String word = text(config, key);
    if (!choices.contains(word)) {
      throw SettingsException.badValue(
          key,
          place(config, key) + "\"" + word + "\" is none of " + String.join(", ", choices),
          "give one of " + String.join(", ", choices),
          null);
    }
    return word;
  }

  /** A whole number within bounds. */
  public static long number(Config config, String key, long least, long most) {
    long number = value(config, key, c -> c.getLong(key));
    if (number < least || number > most) {
      throw SettingsException.badValue(
          key,
          place(config, key) + number + " is not between " + least + " and " + most,
          "give a whole number from " + least + " to " + most,
          null);
    }
    return number;
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw SettingsException.missingFile(file);
    }
    try {
      return ConfigFactory.parseFile(file.toFile());
    } catch (ConfigException e) {
      throw SettingsException.unreadable(file.toString(), e);
    }
  }

  private static Config resolve(Config user, String name) {
    Config reference = ConfigFactory.defaultReferenceUnresolved();
    try {
      Config resolved = user.withFallback(reference).resolve();
      refuseUnknownKeys("", user.resolveWith(resolved).root(), reference.resolve().root());
      return resolved;
    } catch (ConfigException e) {
      throw SettingsException.unreadable(name, e);
    }
  }

  private static void refuseUnknownKeys(
      String prefix, Map<String, ConfigValue> user, Map<String, ConfigValue> reference) {
    user.forEach(
        (name, value) -> {
          String key = prefix + ConfigUtil.quoteString(name).replaceAll("^\"([\\w-]+)\"$", "$1");
          if (!reference.containsKey(name)) {
            if (prefix.isEmpty() && SECTIONS.contains(name)) {
              return;
            }
            String nearest = nearest(name, reference.keySet());
            throw SettingsException.unknownKey(
                key, value.origin(), nearest == null ? null : prefix + nearest);
          }
          ConfigValue known = reference.get(name);
          if (FREE_FORM.contains(key)) {
            return;
          }
          if (known.valueType() == ConfigValueType.OBJECT
              && value.valueType() == ConfigValueType.OBJECT) {
            refuseUnknownKeys(key + ".", asMap(value), asMap(known));
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ConfigValue> asMap(ConfigValue object) {
    return (Map<String, ConfigValue>) (Map<?, ?>) object;
  }

  private static String nearest(String name, Set<String> candidates) {
    return candidates.stream()
        .filter(candidate -> distance(name, candidate) <= Math.max(2, name.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .orElse(null);
  }

  /** Edit distance with transpositions of neighbours (optimal string alignment). */
  private static int distance(String left, String right) {
    int[][] table = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          table[i][j] = i + j;
          continue;
        }
        boolean same = left.charAt(i - 1) == right.charAt(j - 1);
        table[i][j] =
            Math.min(
                table[i - 1][j - 1] + (same ? 0 : 1),
                1 + Math.min(table[i - 1][j], table[i][j - 1]));
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
        }
      }
    }
    return table[left.length()][right.length()];
  }

  private static String place(Config config, String key) {
    return config.hasPath(key) ? config.getValue(key).origin().description() + ": " : "";
  }
}
