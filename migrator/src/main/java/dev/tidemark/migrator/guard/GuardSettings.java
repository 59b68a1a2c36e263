package dev.tidemark.migrator.guard;

import com.typesafe.config.Config;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The section {@code migrate.guards}.
 *
 * @param openTransaction how long a transaction of others may be open; zero for as long as it likes
 * @param replicationLag bytes that a standby or a slot may be behind; zero for any number
 * @param replicationDelay how long a standby may be behind; zero for any time
 * @param freeDisk bytes that are free on the server's disk, as somebody says
 * @param localDisk a folder on that disk, where it is this machine's
 * @param window when what is risky may run
 * @param budget how long an operation may take; zero for as long as it likes
 * @param contracts whether contract change sets have to wait
 * @param contractAfter how long, unless they say otherwise
 */
record GuardSettings(
    Duration openTransaction,
    long replicationLag,
    Duration replicationDelay,
    Optional<Long> freeDisk,
    Optional<Path> localDisk,
    MaintenanceWindow window,
    Duration budget,
    boolean contracts,
    Duration contractAfter) {
  private static final List<DayOfWeek> DAYS = List.of(DayOfWeek.values());

  static GuardSettings of(Config config) {
    String section = "migrate.guards.";
    String disk = section + "free-disk";
    return new GuardSettings(
        Settings.duration(config, section + "open-transaction"),
        bytes(config, section + "replication-lag"),
        Settings.duration(config, section + "replication-delay"),
        config.hasPath(disk) ? Optional.of(bytes(config, disk)) : Optional.empty(),
        Databases.isEmbedded(config)
            ? Optional.of(Path.of(Settings.text(config, "home")))
            : Optional.empty(),
        window(config, section + "window."),
        Settings.duration(config, section + "budget"),
        Settings.choice(config, section + "contracts", List.of("enforce", "off")).equals("enforce"),
        Settings.duration(config, section + "contract-after"));
  }

  private static MaintenanceWindow window(Config config, String section) {
    return new MaintenanceWindow(
        Settings.value(config, section + "days", c -> days(c.getStringList(section + "days"))),
        Settings.value(
            config, section + "from", c -> LocalTime.parse(c.getString(section + "from"))),
        Settings.value(config, section + "to", c -> LocalTime.parse(c.getString(section + "to"))),
        Settings.zone(config, section + "time-zone"));
  }

  private static Set<DayOfWeek> days(List<String> words) {
    return words.stream().map(GuardSettings::day).collect(Collectors.toUnmodifiableSet());
  }

  private static DayOfWeek day(String word) {
    return DAYS.stream()
        .filter(day -> day.name().substring(0, 3).toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"" + word + "\" is none of mon, tue, wed, thu, fri, sat, sun"));
  }

  private static long bytes(Config config, String key) {
    return Settings.value(config, key, c -> c.getBytes(key));
  }
}
