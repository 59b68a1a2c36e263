package dev.tidemark.jobs.lake;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.lake.LakeSchema;
import dev.tidemark.pipeline.rollup.Rollup;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * How far a lake is.
 *
 * @param lake its folder or URI
 * @param landedVersion newest version of {@code usage_events}
 * @param consumedVersion the version that the rollups equal; -1 for none
 * @param windowsWaiting hours that landed events wait to be rolled up into
 * @param lastEventAt when the latest landed event happened; empty where none is landed
 * @param freshness how long that is ago
 * @param quarantined refused events
 * @param changeSets versions of the lake change sets that were applied, in order
 */
record LakeStatus(
    String lake,
    long landedVersion,
    long consumedVersion,
    int windowsWaiting,
    Optional<Instant> lastEventAt,
    Optional<Duration> freshness,
    long quarantined,
    List<Long> changeSets)
    implements Result {

  static LakeStatus read(Lake lake) {
    Row last = lake.usageEvents().read().selectExpr("unix_micros(max(occurred_at))").head();
    Optional<Instant> lastEventAt =
        last.isNullAt(0)
            ? Optional.empty()
            : Optional.of(Instant.EPOCH.plus(Duration.ofNanos(last.getLong(0) * 1_000)));
    return new LakeStatus(
        lake.path(),
        lake.usageEvents().version(),
        Rollup.consumedVersion(lake),
        new Rollup(lake, "status", (table, partition, done, of) -> {}).affectedWindows().size(),
        lastEventAt,
        lastEventAt.map(at -> Duration.between(at, Instant.now())),
        lake.quarantinedEvents().read().count(),
        new LakeChangeSets(lake)
            .status().entries().stream()
                .filter(entry -> entry.state() == LakeSchema.State.APPLIED)
                .map(LakeSchema.Entry::version)
                .toList());
  }

  @Override
  public String text() {
    return String.join(
        "\n",
        "Lake          " + lake,
        "Landed        version "
            + landedVersion
            + lastEventAt
                .map(at -> ", last event " + at + " (" + ago(freshness.orElseThrow()) + ")")
                .orElse(", no event yet"),
        "Rolled up     "
            + (consumedVersion < 0 ? "nothing yet" : "version " + consumedVersion)
            + ", %,d hours waiting".formatted(windowsWaiting),
        "Quarantined   %,d events".formatted(quarantined),
        "Change sets   " + changeSets.toString().replaceAll("[\\[\\]]", ""));
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lake", lake);
    json.put("landed_version", landedVersion);
    json.put("consumed_version", consumedVersion);
    json.put("windows_waiting", windowsWaiting);
    json.put("last_event_at", lastEventAt.orElse(null));
    json.put("freshness_seconds", freshness.map(Duration::toSeconds).orElse(null));
    json.put("quarantined", quarantined);
    json.put("change_sets", changeSets);
    return json;
  }

  private static String ago(Duration duration) {
    if (duration.isNegative()) {
      return "ahead of this clock";
    }
    return duration.toDays() > 0
        ? duration.toDays() + " days ago"
        : "%d:%02d hours ago".formatted(duration.toHours(), duration.toMinutesPart());
  }
}
