package dev.tidemark.jobs.backfill;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.pipeline.backfill.BackfillEvent;
import dev.tidemark.pipeline.backfill.BackfillEvent.Kind;
import dev.tidemark.pipeline.backfill.BackfillProgress;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is shown of a backfill while it runs: a bar on a terminal, one line of JSON for each event
 * elsewhere.
 */
public final class BackfillScreen implements BackfillEvent.Listener {
  private static final int BAR = 24;

  /** Worth a line that stays, beside the bar. */
  private static final Set<Kind> STAYING =
      Set.of(Kind.PAUSED, Kind.RESUMED, Kind.RATE, Kind.NOTICE);

  private final Console console;
  private final Progress line;
  private boolean held;

  /** A screen; the line is the caller's to close. */
  public BackfillScreen(Console console, Progress line) {
    this.console = console;
    this.line = line;
  }

  @Override
  public void happened(BackfillEvent event) {
    if (!console.isTerminal()) {
      // While it is held it looks each second: once is enough.
      if (event.kind() != Kind.HELD || !held) {
        console.note(Json.write(json(event)));
      }
    } else if (STAYING.contains(event.kind())) {
      line.finish(words(event.kind()) + event.words().map(words -> ": " + words).orElse(""));
    } else {
      line.update(bar(event));
    }
    held = event.kind() == Kind.HELD;
  }

  static String bar(BackfillEvent event) {
    BackfillProgress progress = event.progress();
    int filled = BAR * progress.daysDone() / Math.max(1, progress.days());
    return "[%s%s] %d of %d days, %d %%%s%s%s"
        .formatted(
            "█".repeat(filled),
            "░".repeat(BAR - filled),
            progress.daysDone(),
            progress.days(),
            100 * progress.daysDone() / Math.max(1, progress.days()),
            progress.left().map(left -> ", " + words(left) + " left").orElse(""),
            event.days().map(days -> "; " + words(event.kind()) + days(days)).orElse(""),
            event.kind() == Kind.HELD
                ? "; held: " + event.words().orElse("")
                : event.kind() == Kind.CHUNK_BEGUN
                    ? event.words().map(reason -> "; slowed down: " + reason).orElse("")
                    : "");
  }

  private static String words(Kind kind) {
    return switch (kind) {
      case CHUNK_BEGUN -> "at ";
      case CHUNK_DONE -> "done: ";
      case PAUSED -> "Paused";
      case RESUMED -> "Resumed";
      case RATE -> "Rate";
      case NOTICE -> "Note";
      case BEGUN, HELD -> "";
    };
  }

  /** The days, the last one included. */
  static String days(TimeRange range) {
    LocalDate first = LocalDate.ofInstant(Micros.toInstant(range.from()), ZoneOffset.UTC);
    LocalDate last = LocalDate.ofInstant(Micros.toInstant(range.to() - 1), ZoneOffset.UTC);
    return first.equals(last) ? first.toString() : first + " to " + last;
  }

  static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < 60
        ? seconds + " s"
        : seconds < 3600
            ? "%d min %d s".formatted(seconds / 60, seconds % 60)
            : "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }

  private static Map<String, Object> json(BackfillEvent event) {
    BackfillProgress progress = event.progress();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("time", Instant.now());
    json.put("event", "backfill_" + event.kind().name().toLowerCase(Locale.ROOT));
    json.put("from", event.days().map(days -> Micros.toInstant(days.from())).orElse(null));
    json.put("to", event.days().map(days -> Micros.toInstant(days.to())).orElse(null));
    json.put("words", event.words().orElse(null));
    json.put("days_done", progress.daysDone());
    json.put("days", progress.days());
    json.put("events_read", progress.result().read());
    json.put("events_landed", progress.result().landed());
    json.put("elapsed_seconds", progress.elapsed().toSeconds());
    json.put("left_seconds", progress.left().map(Duration::toSeconds).orElse(null));
    return json;
  }
}
