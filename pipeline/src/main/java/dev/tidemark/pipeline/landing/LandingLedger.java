package dev.tidemark.pipeline.landing;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.source.InputFile;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.source.SourceProgress.SnapshotLanding;
import io.delta.kernel.data.Row;
import io.delta.tables.DeltaTable;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.RowFactory;

/**
 * The ledger of landings: what each landing set out to take, written before its events.
 *
 * <p>A landing is claimed by the one append that Delta lets carry its number. It took place if the
 * landed table's log carries that number too, or a higher one that builds on it: the numbers that
 * took place are found by following {@code previous_version} from the highest. Snapshot and token
 * thus outlive the clean-up of Delta's log (EX-6).
 */
final class LandingLedger {
  /** Landings of a database that are kept, as many as it keeps tokens. */
  private static final long KEPT = 1_000;

  private final Lake lake;

  LandingLedger(Lake lake) {
    this.lake = lake;
  }

  /** Whose transactions the landings of a source are in Delta's logs. */
  static String applicationId(String source, long epoch) {
    return source + ":" + epoch;
  }

  /** A landing that a run has claimed. */
  record Claim(String source, long epoch, long version) {
    String applicationId() {
      return LandingLedger.applicationId(source, epoch);
    }
  }

  private record Entry(
      String source, long epoch, long version, long previous, String runId, LandingInput input) {
    /** Names the claim: two runs may have asked for the same number. */
    List<Object> claim() {
      return List.of(source, epoch, version, runId);
    }
  }

  /** What the lake knows of a source. */
  SourceProgress progress(String source) {
    LakeHistory history = LakeHistory.read(lake);
    List<Entry> entries = entries();
    Map<String, Long> landed = lake.usageEvents().transactions("");
    List<SnapshotLanding> landings = new ArrayList<>();
    List<InputFile> files = new ArrayList<>();
    Map<Long, Long> landedVersions = new TreeMap<>();
    landed.forEach(
        (applicationId, version) -> {
          if (applicationId.startsWith(source + ":")) {
            String epoch = applicationId.substring(source.length() + 1);
            if (epoch.matches("\\d+")) {
              landedVersions.put(Long.parseLong(epoch), version);
            }
          }
        });
    Set<Entry> gone = gone(entries, history);
    for (Entry entry : tookPlace(entries, landed)) {
      if (gone.contains(entry)) {
        continue;
      }
      if (entry.input() instanceof LandingInput.File file) {
        files.add(file.file());
      } else if (entry.source().equals(source)
          && entry.input() instanceof LandingInput.Snapshot snapshot) {
        landings.add(new SnapshotLanding(entry.epoch(), entry.version(), snapshot));
      }
    }
    return new SourceProgress(
        lake.path(),
        lake.usageEvents().id(),
        lake.usageEvents().version(),
        epoch(source, entries, gone, landedVersions),
        landedVersions,
        landings,
        files,
        history.text());
  }

  /** The landings whose table has been turned back or replaced since they were claimed (EX-11). */
  private static Set<Entry> gone(List<Entry> entries, LakeHistory history) {
    String identity = history.identity("usage_events");
    Set<List<Object>> claims = new HashSet<>();
    for (Entry entry : entries) {
      if (entry.input() instanceof LandingInput.Snapshot memory
          && entry.source().startsWith(LakeHistory.ledgerSource(""))
          && !LakeHistory.parse(memory.snapshot()).identity("usage_events").equals(identity)) {
        claims.add(entry.claim());
      }
    }
    Set<Entry> gone = new HashSet<>();
    for (Entry entry : entries) {
      List<Object> claim = new ArrayList<>(entry.claim());
      claim.set(0, LakeHistory.ledgerSource(entry.source()));
      if (claims.contains(claim)) {
        gone.add(entry);
      }
    }
    return gone;
  }

  /** The epoch of the last landing, or a new one where what was landed in it is gone. */
  private static long epoch(
      String source, List<Entry> entries, Set<Entry> gone, Map<Long, Long> landedVersions) {
    long last = landedVersions.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    for (Entry entry : gone) {
      if (entry.source().equals(source)) {
        last = Math.max(last, entry.epoch());
      }
    }
    long newest = last;
    List<Entry> ofEpoch =
        entries.stream()
            .filter(entry -> entry.source().equals(source) && entry.epoch() == newest)
            .filter(entry -> entry.version() <= landedVersions.getOrDefault(newest, 0L))
            .toList();
    boolean lost = gone.stream().anyMatch(e -> e.source().equals(source) && e.epoch() == newest);
    return lost && gone.containsAll(ofEpoch) ? newest + 1 : newest;
  }

  /**
   * Asks for the next landing of a source; {@link #holds} tells whether this run has got it.
   *
   * @param progress what the lake knew of the source when its pending events were looked for
   * @param inputs what the landing takes
   */
  Claim claim(
      String source,
      long epoch,
      SourceProgress progress,
      List<LandingInput> inputs,
      String runId,
      Instant now) {
    String applicationId = applicationId(source, epoch);
    long landed = progress.landedVersion(epoch);
    long claimed = lake.landings().transactionVersion(applicationId).orElse(0);
    Claim claim = new Claim(source, epoch, Math.max(landed, claimed) + 1);
    List<org.apache.spark.sql.Row> rows = new ArrayList<>();
    for (LandingInput input : inputs) {
      rows.add(row(source, claim, landed, runId, now, input));
    }
    String memory = LakeHistory.ledgerSource(source);
    LandingInput history = new LandingInput.Snapshot(progress.lakeHistory(), null);
    rows.add(row(memory, claim, landed, runId, now, history));
    Dataset<org.apache.spark.sql.Row> claims =
        lake.spark().createDataFrame(rows, lake.landings().read().schema()).coalesce(1);
    lake.landings().append(() -> claims, applicationId, claim.version(), runId);
    return claim;
  }

  /**
   * Deletes snapshots and tokens that lie far back. Files stay: each may be delivered again. Claims
   * that are being made meanwhile are higher and stay too.
   */
  void trim() {
    Set<List<Object>> done = new HashSet<>();
    for (Entry entry : entries()) {
      if (entry.input() instanceof LandingInput.Snapshot
          && !entry.source().startsWith(LakeHistory.ledgerSource(""))
          && done.add(List.of(entry.source(), entry.epoch()))) {
        trim(entry.source(), entry.epoch());
      }
    }
  }

  private void trim(String source, long epoch) {
    long landed = lake.usageEvents().transactionVersion(applicationId(source, epoch)).orElse(0);
    long last = landed - KEPT;
    boolean any =
        entries().stream()
            .anyMatch(e -> e.source().equals(source) && e.epoch() == epoch && e.version() <= last);
    if (any) {
      DeltaTable.forPath(lake.spark(), lake.landings().path())
          .delete(
              col("source")
                  .isin(source, LakeHistory.ledgerSource(source))
                  .and(col("epoch").equalTo(epoch))
                  .and(col("landing_version").leq(last)));
    }
  }

  private static org.apache.spark.sql.Row row(
      String source, Claim claim, long landed, String runId, Instant now, LandingInput input) {
    LandingInput.Snapshot snapshot = input instanceof LandingInput.Snapshot s ? s : null;
    InputFile file = input instanceof LandingInput.File f ? f.file() : null;
    return RowFactory.create(
        source,
        claim.epoch(),
        claim.version(),
        landed,
        runId,
        Timestamp.from(now),
        snapshot == null ? null : snapshot.snapshot(),
        snapshot == null ? null : snapshot.token(),
        file == null ? null : file.path(),
        file == null ? null : file.bytes(),
        file == null ? null : Timestamp.from(file.modifiedAt()),
        file == null ? null : file.checksum());
  }

  /**
   * Whether the claim is this run's, and nothing of its source has been landed since: two runs may
   * ask for the same number, one gets it.
   */
  boolean holds(Claim claim, SourceProgress progress, String runId) {
    long landed = lake.usageEvents().transactionVersion(claim.applicationId()).orElse(0);
    if (landed != progress.landedVersion(claim.epoch())) {
      return false;
    }
    return entries().stream()
        .anyMatch(
            entry ->
                entry.source().equals(claim.source())
                    && entry.epoch() == claim.epoch()
                    && entry.version() == claim.version()
                    && entry.runId().equals(runId));
  }

  /** Entries of the landings that took place, in order of source, epoch and version. */
  private static List<Entry> tookPlace(List<Entry> entries, Map<String, Long> landed) {
    Map<String, TreeMap<Long, TreeMap<Long, List<Entry>>>> bySource = new TreeMap<>();
    for (Entry entry : entries) {
      bySource
          .computeIfAbsent(entry.source(), key -> new TreeMap<>())
          .computeIfAbsent(entry.epoch(), key -> new TreeMap<>())
          .computeIfAbsent(entry.version(), key -> new ArrayList<>())
          .add(entry);
    }
    List<Entry> result = new ArrayList<>();
    bySource.forEach(
        (source, epochs) ->
            epochs.forEach(
                (epoch, versions) -> {
                  Deque<List<Entry>> chain = new ArrayDeque<>();
                  long version = landed.getOrDefault(applicationId(source, epoch), 0L);
                  while (version > 0 && versions.containsKey(version)) {
                    chain.push(versions.get(version));
                    version = versions.get(version).get(0).previous();
                  }
                  chain.forEach(result::addAll);
                }));
    return result;
  }

  private List<Entry> entries() {
    return lake.landings().rows(LandingLedger::entry);
  }

  private static Entry entry(Row row) {
    String path = text(row, "file_path");
    LandingInput input =
        path == null
            ? new LandingInput.Snapshot(text(row, "snapshot"), text(row, "token"))
            : new LandingInput.File(
                new InputFile(
                    path,
                    number(row, "file_bytes"),
                    Instant.EPOCH.plus(number(row, "file_modified_at"), ChronoUnit.MICROS),
                    text(row, "file_checksum")));
    return new Entry(
        text(row, "source"),
        number(row, "epoch"),
        number(row, "landing_version"),
        number(row, "previous_version"),
        text(row, "run_id"),
        input);
  }

  private static String text(Row row, String column) {
    int place = row.getSchema().indexOf(column);
    return row.isNullAt(place) ? null : row.getString(place);
  }

  /** A BIGINT, or a TIMESTAMP in microseconds since 1970. */
  private static long number(Row row, String column) {
    return row.getLong(row.getSchema().indexOf(column));
  }
}
