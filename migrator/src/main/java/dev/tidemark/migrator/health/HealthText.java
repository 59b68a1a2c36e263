package dev.tidemark.migrator.health;

import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A report for machines: as a JSON document, and in Prometheus's text format 0.0.4. */
public final class HealthText {
  private HealthText() {}

  /** The report as a map for JSON. What nobody can tell is null. */
  public static Map<String, Object> json(HealthReport report) {
    boolean reached = report.status().isPresent();
    boolean compared = report.drift().unknown().isEmpty();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("live", true);
    json.put("ready", report.notReady().isEmpty());
    json.put("reason", report.notReady().orElse(null));
    json.put("checked_at", report.checkedAt());
    json.put("schema_version", report.status().flatMap(StatusResult::version).orElse(null));
    json.put("last_migration_at", report.lastMigrationAt().orElse(null));
    json.put("pending", reached ? report.pending() : null);
    json.put("failed", reached ? versions(report.failed()) : null);
    json.put("different", reached ? versions(report.different()) : null);
    json.put("operator", report.status().flatMap(StatusResult::operator).orElse(null));
    json.put("drifted", compared ? !report.drift().differences().isEmpty() : null);
    json.put("drift", compared ? report.drift().differences() : null);
    json.put("drift_unknown", report.drift().unknown().orElse(null));
    return json;
  }

  private static List<String> versions(List<Entry> entries) {
    return entries.stream().map(Entry::version).toList();
  }

  /** The report as metrics. What nobody can tell has no sample. */
  static String prometheus(HealthReport report) {
    StringBuilder text = new StringBuilder();
    gauge(
        text,
        "tidemark_health_ready",
        "Whether the database answers and no change set has failed",
        report.notReady().isEmpty() ? "1" : "0");
    gauge(
        text,
        "tidemark_health_check_timestamp_seconds",
        "When the database was last looked at",
        seconds(report.checkedAt()));
    report
        .status()
        .flatMap(StatusResult::version)
        .ifPresent(
            version ->
                gauge(text, "tidemark_schema_version", "The youngest applied version", version));
    Optional<Instant> last = report.lastMigrationAt();
    last.ifPresent(
        time ->
            gauge(
                text,
                "tidemark_last_migration_timestamp_seconds",
                "When a change set was last applied or rolled back",
                seconds(time)));
    if (report.status().isPresent()) {
      head(text, "tidemark_change_sets", "Change sets by state");
      for (State state : State.values()) {
        text.append("tidemark_change_sets{state=\"")
            .append(state.name().toLowerCase(Locale.ROOT))
            .append("\"} ")
            .append(report.in(EnumSet.of(state)).size())
            .append('\n');
      }
    }
    if (report.drift().unknown().isEmpty()) {
      gauge(
          text,
          "tidemark_schema_drift_differences",
          "Differences between the schema and what its change sets make",
          String.valueOf(report.drift().differences().size()));
    }
    return text.toString();
  }

  private static String seconds(Instant time) {
    return "%d.%03d".formatted(time.getEpochSecond(), time.getNano() / 1_000_000);
  }

  private static void gauge(StringBuilder text, String name, String help, String value) {
    head(text, name, help);
    text.append(name).append(' ').append(value).append('\n');
  }

  private static void head(StringBuilder text, String name, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(" gauge\n");
  }
}
