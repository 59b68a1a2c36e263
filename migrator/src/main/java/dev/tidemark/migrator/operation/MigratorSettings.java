package dev.tidemark.migrator.operation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.LockPatience;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How patient the migrator is, what scripts are filled in with, and who is behind it.
 *
 * @param lockTimeout how long one attempt of a statement waits for its locks
 * @param lockAttempts how many attempts a statement has; at least 1
 * @param lockPause the pause after the first attempt; it doubles from attempt to attempt
 * @param statementTimeout how long a statement may take, waiting included, unless its change set
 *     says otherwise; zero for as long as it likes
 * @param outOfOrder what becomes of a pending change set that is older than an applied one
 * @param placeholders values for <code>${name}</code> in scripts
 * @param actor the person or machine behind an operation
 */
public record MigratorSettings(
    Duration lockTimeout,
    int lockAttempts,
    Duration lockPause,
    Duration statementTimeout,
    OutOfOrder outOfOrder,
    Map<String, String> placeholders,
    String actor) {

  /** What becomes of a pending change set that is older than an applied one. */
  public enum OutOfOrder {
    /** Nothing is applied. */
    REFUSE,
    /** It is applied late. */
    ALLOW
  }

  /** Settings as they are without configuration, but for patience and placeholders. */
  public MigratorSettings(
      Duration lockTimeout,
      int lockAttempts,
      Duration lockPause,
      Map<String, String> placeholders) {
    this(
        lockTimeout,
        lockAttempts,
        lockPause,
        Duration.ZERO,
        OutOfOrder.REFUSE,
        placeholders,
        System.getProperty("user.name"));
  }

  LockPatience lockPatience() {
    return new LockPatience(lockAttempts, lockPause);
  }

  /** Reads the section {@code migrate}. */
  public static MigratorSettings of(Config config) {
    Map<String, String> placeholders = new LinkedHashMap<>();
    config
        .getConfig("migrate.placeholders")
        .entrySet()
        .forEach(
            entry -> placeholders.put(entry.getKey(), entry.getValue().unwrapped().toString()));
    return new MigratorSettings(
        Settings.duration(config, "migrate.lock-timeout"),
        (int) Settings.number(config, "migrate.lock-attempts", 1, 1000),
        Settings.duration(config, "migrate.lock-pause"),
        Settings.duration(config, "migrate.statement-timeout"),
        OutOfOrder.valueOf(
            Settings.choice(config, "migrate.out-of-order", List.of("refuse", "allow"))
                .toUpperCase(Locale.ROOT)),
        Map.copyOf(placeholders),
        Settings.optionalText(config, "migrate.actor").orElse(System.getProperty("user.name")));
  }
}
