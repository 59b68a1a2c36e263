package dev.tidemark.pipeline.backfill;

import dev.tidemark.migrator.governor.Decision;
import dev.tidemark.migrator.governor.Reading;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeHistory;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import io.delta.kernel.data.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The tables {@code backfill_chunks}, which is all that a backfill remembers, and {@code
 * governor_decisions}.
 */
final class BackfillLog {
  private static final String CHUNKS = "backfill_chunks";
  private static final String DECISIONS = "governor_decisions";

  private final Lake lake;
  private final String source;

  BackfillLog(Lake lake, String source) {
    this.lake = lake;
    this.source = source;
  }

  /**
   * A backfill that may go on.
   *
   * @param id the run with which it began
   * @param range all of its days
   * @param done its days that are done
   * @param history the first history of which it is; empty for none
   */
  record Unfinished(
      String id, TimeRange range, List<TimeRange> done, Optional<LandingInput.Snapshot> history) {}

  /** A chunk that is done. */
  record Entry(
      String backfill,
      String source,
      TimeRange range,
      TimeRange chunk,
      String landedTable,
      long endedAt,
      Optional<LandingInput.Snapshot> history) {}

  /** The backfill of a range that was at work last, unless it is finished. */
  Optional<Unfinished> unfinished(TimeRange range) {
    return unfinished(entry -> entry.range().equals(range));
  }

  /**
   * Of some backfills the one that was at work last, unless it is finished. What was done before
   * the landed table was turned back or replaced does not count (EX-11).
   */
  Optional<Unfinished> unfinished(Predicate<Entry> some) {
    if (!lake.table(CHUNKS).exists()) { // a lake of an older program, which is looked at
      return Optional.empty();
    }
    String landedTable = landedTable();
    Map<String, List<Entry>> backfills = new LinkedHashMap<>();
    lake.table(CHUNKS).rows(BackfillLog::entry).stream()
        .filter(entry -> entry.source().equals(source))
        .filter(some)
        .filter(entry -> entry.landedTable().equals(landedTable))
        .sorted((one, other) -> Long.compare(one.endedAt(), other.endedAt()))
        .forEach(
            entry -> {
              // The one that was at work last comes to stand last.
              List<Entry> chunks = backfills.remove(entry.backfill());
              backfills.put(entry.backfill(), chunks == null ? new ArrayList<>() : chunks);
              backfills.get(entry.backfill()).add(entry);
            });
    Optional<Unfinished> last =
        backfills.entrySet().stream()
            .reduce((one, other) -> other)
            .map(
                entries ->
                    new Unfinished(
                        entries.getKey(),
                        entries.getValue().get(0).range(),
                        entries.getValue().stream().map(Entry::chunk).toList(),
                        entries.getValue().get(0).history()));
    return last.filter(found -> new RemainingDays(found.range(), found.done()).count() > 0);
  }

  String landedTable() {
    return LakeHistory.read(lake).identity("usage_events");
  }

  /** Records one run of a backfill. */
  Run run(
      String backfill,
      String runId,
      TimeRange range,
      String landedTable,
      Optional<LandingInput.Snapshot> history) {
    return new Run(backfill, runId, range, landedTable, history);
  }

  /** What one run writes. */
  final class Run implements BackfillLoop.Journal {
    private final String backfill;
    private final String runId;
    private final TimeRange range;
    private final String landedTable;
    private final Optional<LandingInput.Snapshot> history;
    private Instant begunAt = Instant.now();

    private Run(
        String backfill,
        String runId,
        TimeRange range,
        String landedTable,
        Optional<LandingInput.Snapshot> history) {
      this.backfill = backfill;
      this.runId = runId;
      this.range = range;
      this.landedTable = landedTable;
      this.history = history;
    }

    @Override
    public void decided(Decision decision, Optional<TimeRange> days, List<Reading> readings) {
      begunAt = Instant.now();
      if (readings.isEmpty()) {
        return; // no governor, no decision
      }
      append(
          decision.action().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          days,
          decision.pause().toMillis(),
          Math.round(decision.share() * 100),
          decision.reason().orElse(null),
          words(readings));
    }

    @Override
    public void ordered(String action) {
      append("control", Optional.empty(), null, null, "control file: " + action, null);
    }

    private void append(
        String action,
        Optional<TimeRange> days,
        Long pauseMillis,
        Long sharePercent,
        String reason,
        String signals) {
      lake.table(DECISIONS)
          .appendRows(
              List.of(
                  Arrays.asList(
                      runId,
                      "backfill",
                      source,
                      Instant.now(),
                      action,
                      days.map(BackfillLog::from).orElse(null),
                      days.map(BackfillLog::to).orElse(null),
                      days.map(chunk -> chunk.days().count()).orElse(null),
                      pauseMillis,
                      sharePercent,
                      reason,
                      signals)));
    }

    @Override
    public void done(TimeRange days, ChunkResult result) {
      lake.table(CHUNKS)
          .appendRows(
              List.of(
                  Arrays.asList(
                      backfill,
                      runId,
                      source,
                      landedTable,
                      from(range),
                      to(range),
                      from(days),
                      to(days),
                      begunAt,
                      Instant.now(),
                      result.read(),
                      result.landed(),
                      result.duplicates(),
                      result.quarantined(),
                      result.hours(),
                      result.rowsChanged(),
                      history.map(LandingInput.Snapshot::snapshot).orElse(null),
                      history.map(LandingInput.Snapshot::token).orElse(null))));
    }
  }

  private static Instant from(TimeRange range) {
    return Micros.toInstant(range.from());
  }

  private static Instant to(TimeRange range) {
    return Micros.toInstant(range.to());
  }

  /** Each signal with its value and what it asks for. */
  private static String words(List<Reading> readings) {
    return readings.stream()
        .map(
            reading ->
                "%s %s%s"
                    .formatted(
                        reading.signal(),
                        reading.level().name().toLowerCase(Locale.ROOT),
                        Double.isFinite(reading.value())
                            ? String.format(Locale.ROOT, " %.3g", reading.value())
                            : ""))
        .collect(Collectors.joining("; "));
  }

  private static Entry entry(Row row) {
    String snapshot = text(row, "history_snapshot");
    return new Entry(
        text(row, "backfill_id"),
        text(row, "source"),
        new TimeRange(micros(row, "range_start"), micros(row, "range_end")),
        new TimeRange(micros(row, "chunk_start"), micros(row, "chunk_end")),
        text(row, "landed_table"),
        micros(row, "ended_at"),
        Optional.ofNullable(snapshot)
            .map(text -> new LandingInput.Snapshot(text, text(row, "history_token"))));
  }

  private static String text(Row row, String column) {
    int place = row.getSchema().indexOf(column);
    return row.isNullAt(place) ? null : row.getString(place);
  }

  private static long micros(Row row, String column) {
    return row.getLong(row.getSchema().indexOf(column));
  }
}
