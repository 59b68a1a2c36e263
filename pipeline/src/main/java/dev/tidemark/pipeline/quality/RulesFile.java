package dev.tidemark.pipeline.quality;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.quality.QualityRule.Anomaly;
import dev.tidemark.pipeline.quality.QualityRule.Check;
import dev.tidemark.pipeline.quality.QualityRule.Direction;
import dev.tidemark.pipeline.quality.QualityRule.EventCondition;
import dev.tidemark.pipeline.quality.QualityRule.Freshness;
import dev.tidemark.pipeline.quality.QualityRule.HourCondition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads rules from HOCON; every mistake is told with the rule and its place. */
final class RulesFile {
  private static final String BUILT_IN = "conf/quality.conf";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Set<String> EVERY_RULE = Set.of("name", "severity", "description");
  private static final List<String> KINDS = List.of("event", "hour", "freshness", "anomaly");
  private static final Set<String> OF_ANOMALIES =
      Set.of("weeks", "least-weeks", "threshold", "least-spread", "direction");
  private static final Map<String, Double> SPREADS = Map.of("requests", 1.0, "error_rate", 0.005);
  private static final int MOST_WEEKS = 52;

  private RulesFile() {}

  static QualityRules builtIn() {
    return rules(
        BUILT_IN, ConfigFactory.parseResources(RulesFile.class.getClassLoader(), BUILT_IN));
  }

  static QualityRules read(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw PipelineFailures.rulesUnreadable(file.toString(), "there is no readable file", null);
    }
    try {
      return rules(file.toString(), ConfigFactory.parseFile(file.toFile()));
    } catch (ConfigException e) {
      throw PipelineFailures.rulesUnreadable(file.toString(), e.getMessage(), e);
    }
  }

  static QualityRules parse(String name, String hocon) {
    try {
      return rules(name, ConfigFactory.parseString(hocon));
    } catch (ConfigException e) {
      throw PipelineFailures.rulesUnreadable(name, e.getMessage(), e);
    }
  }

  private static QualityRules rules(String file, Config unresolved) {
    Config config = unresolved.resolve();
    for (String key : config.root().keySet()) {
      if (!key.equals("rules")) {
        throw PipelineFailures.rulesUnreadable(
            file, "the key " + key + " is not known; rules stand in the list \"rules\"", null);
      }
    }
    if (!(config.root().get("rules") instanceof ConfigList list)) {
      throw PipelineFailures.rulesUnreadable(file, "there is no list \"rules\"", null);
    }
    List<QualityRule> rules = new ArrayList<>();
    Map<String, QualityRule> known = new HashMap<>();
    for (ConfigValue value : list) {
      QualityRule rule = rule(value);
      QualityRule other = known.put(rule.name(), rule);
      if (other != null) {
        throw PipelineFailures.ruleNameTaken(rule.name(), rule.place(), other.place());
      }
      rules.add(rule);
    }
    return new QualityRules(rules);
  }

  private static QualityRule rule(ConfigValue value) {
    String place = value.origin().description();
    if (!(value instanceof ConfigObject object)) {
      throw PipelineFailures.badRule("?", place, "it is no object with keys and values", null);
    }
    Config rule = object.toConfig();
    Reader reader = new Reader(rule, place);
    String name = reader.text("name");
    if (!NAME.matcher(name).matches()) {
      throw reader.bad("its name is not made of small letters, digits and hyphens");
    }
    List<String> kinds = KINDS.stream().filter(rule::hasPath).toList();
    if (kinds.size() != 1) {
      throw reader.bad(
          "it needs one of the keys "
              + String.join(", ", KINDS)
              + (kinds.isEmpty() ? "" : ", and has " + String.join(" and ", kinds)));
    }
    String kind = kinds.get(0);
    refuseUnknownKeys(reader, object, kind);
    Severity severity = reader.choice("severity", Severity.values(), Severity::label, null);
    Check check =
        switch (kind) {
          case "event" -> new EventCondition(reader.text("event"));
          case "hour" -> new HourCondition(reader.text("hour"));
          case "freshness" -> new Freshness(reader.duration("freshness"));
          default -> anomaly(reader);
        };
    if (severity == Severity.QUARANTINE && !kind.equals("event")) {
      throw reader.bad("only events can be put into quarantine, and it is about " + kind);
    }
    String description = rule.hasPath("description") ? reader.text("description") : "";
    return new QualityRule(name, description, severity, check, place);
  }

  private static void refuseUnknownKeys(Reader reader, ConfigObject object, String kind) {
    for (String key : new TreeSet<>(object.keySet())) {
      boolean known =
          EVERY_RULE.contains(key)
              || key.equals(kind)
              || kind.equals("anomaly") && OF_ANOMALIES.contains(key);
      if (!known) {
        throw reader.bad("its key " + key + " is not known");
      }
    }
  }

  private static Anomaly anomaly(Reader reader) {
    String measure = reader.text("anomaly");
    Double spread = SPREADS.get(measure);
    if (spread == null) {
      throw reader.bad(
          "anomaly = "
              + measure
              + " is none of "
              + String.join(", ", new TreeSet<>(SPREADS.keySet())));
    }
    int weeks = (int) reader.number("weeks", 6, 1, MOST_WEEKS);
    int least = (int) reader.number("least-weeks", Math.min(4, weeks), 1, weeks);
    double threshold = reader.number("threshold", 3.5, 0.1, 1e6);
    double floor = reader.number("least-spread", spread, 1e-9, 1e12);
    Direction usual = measure.equals("error_rate") ? Direction.HIGH : Direction.BOTH;
    Direction direction = reader.choice("direction", Direction.values(), Direction::label, usual);
    return new Anomaly(measure, weeks, least, threshold, floor, direction);
  }

  /** Values of one rule. */
  private record Reader(Config rule, String place) {
    PipelineException bad(String reason) {
      return PipelineFailures.badRule(
          rule.hasPath("name") ? rule.getAnyRef("name").toString() : "?", place, reason, null);
    }

    private <T> T value(String key, Function<Config, T> read) {
      try {
        return read.apply(rule);
      } catch (ConfigException e) {
        throw bad(e.getMessage());
      }
    }

    String text(String key) {
      String text = value(key, config -> config.getString(key));
      if (text.isBlank()) {
        throw bad("its key " + key + " is empty");
      }
      return text;
    }

    Duration duration(String key) {
      Duration duration = value(key, config -> config.getDuration(key));
      if (duration.isNegative() || duration.isZero()) {
        throw bad(key + " = " + duration + " is not above zero");
      }
      return duration;
    }

    double number(String key, double usual, double least, double most) {
      double number = rule.hasPath(key) ? value(key, config -> config.getDouble(key)) : usual;
      if (!(number >= least && number <= most)) {
        throw bad(key + " = " + number + " is not between " + least + " and " + most);
      }
      return number;
    }

    <T> T choice(String key, T[] choices, Function<T, String> label, T usual) {
      if (usual != null && !rule.hasPath(key)) {
        return usual;
      }
      String word = text(key).toLowerCase(Locale.ROOT);
      return Arrays.stream(choices)
          .filter(choice -> label.apply(choice).equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  bad(
                      key
                          + " = "
                          + word
                          + " is none of "
                          + Arrays.stream(choices).map(label).collect(Collectors.joining(", "))));
    }
  }
}
