package dev.tidemark.pipeline.quality;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.quality.QualityRule.Anomaly;
import dev.tidemark.pipeline.quality.QualityRule.Condition;
import dev.tidemark.pipeline.quality.QualityRule.EventCondition;
import dev.tidemark.pipeline.quality.QualityRule.Freshness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** All rules of a configuration, in the order in which they stand there. */
public record QualityRules(List<QualityRule> all) {
  /** No rule. */
  public static final QualityRules NONE = new QualityRules(List.of());

  private static final int HASH_BYTES = 6;

  /** Copies the rules. */
  public QualityRules {
    all = List.copyOf(all);
  }

  /**
   * Reads the file that {@code quality.rules} names, or the program's own.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if it cannot be used
   */
  public static QualityRules from(Config config) {
    Optional<String> file = Settings.optionalText(config, "quality.rules");
    return file.isPresent() ? RulesFile.read(Path.of(file.get())) : RulesFile.builtIn();
  }

  /**
   * Makes sure that every condition can be evaluated.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if one cannot
   */
  public void requireUsable(SparkSession spark) {
    Conditions.requireUsable(spark, conditions(all));
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Rules at the door: events that break one are refused. */
  public List<QualityRule> atTheDoor() {
    return all.stream().filter(rule -> rule.severity() == Severity.QUARANTINE).toList();
  }

  /** Conditions on events and hours that are evaluated with the sums of each hour. */
  public List<QualityRule> onHours() {
    return conditions(all).stream().filter(rule -> rule.severity() != Severity.QUARANTINE).toList();
  }

  /** All conditions in SQL. */
  public List<QualityRule> conditions() {
    return conditions(all);
  }

  private static List<QualityRule> conditions(List<QualityRule> rules) {
    return rules.stream().filter(rule -> rule.check() instanceof Condition).toList();
  }

  List<QualityRule> anomalies() {
    return all.stream().filter(rule -> rule.check() instanceof Anomaly).toList();
  }

  List<QualityRule> freshness() {
    return all.stream().filter(rule -> rule.check() instanceof Freshness).toList();
  }

  /** The rule of a name. */
  public Optional<QualityRule> named(String name) {
    return all.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }

  static boolean isOfEvents(QualityRule rule) {
    return rule.check() instanceof EventCondition;
  }

  /** The beginning of a SHA-256 over what the rules ask for; {@code none} without any. */
  public String version() {
    if (isEmpty()) {
      return "none";
    }
    String text =
        all.stream()
            .map(rule -> rule.name() + '\0' + rule.severity() + '\0' + rule.check())
            .collect(Collectors.joining("\0\0"));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
