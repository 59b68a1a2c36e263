package dev.tidemark.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.pipeline.backfill.BackfillEvent;
import dev.tidemark.pipeline.backfill.BackfillEvent.Kind;
import dev.tidemark.pipeline.backfill.BackfillPlan;
import dev.tidemark.pipeline.backfill.BackfillProgress;
import dev.tidemark.pipeline.backfill.BackfillRequest;
import dev.tidemark.pipeline.backfill.BackfillRequest.Order;
import dev.tidemark.pipeline.backfill.ChunkResult;
import dev.tidemark.pipeline.window.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BackfillScreenTest {
  private static final TimeRange DAYS = TimeRange.parse("2026-03-01", "2026-03-04");
  private static final BackfillProgress PROGRESS =
      new BackfillProgress(
          10,
          40,
          new ChunkResult(1_000, 20, 980, 0, 24, 5),
          Duration.ofMinutes(5),
          Optional.of(Duration.ofSeconds(3_725)));

  @Test
  void aTerminalSeesABarWithWhatIsLeftAndWhy() {
    assertThat(BackfillScreen.bar(event(Kind.CHUNK_BEGUN, Optional.of("canary: slow"))))
        .isEqualTo(
            "[██████░░░░░░░░░░░░░░░░░░] 10 of 40 days, 25 %, 1 h 2 min left;"
                + " at 2026-03-01 to 2026-03-03; slowed down: canary: slow");
    assertThat(
            BackfillScreen.bar(
                new BackfillEvent(
                    Kind.HELD, PROGRESS, Optional.empty(), Optional.of("replication-lag: far"))))
        .endsWith("1 h 2 min left; held: replication-lag: far");
  }

  @Test
  void elsewhereEachEventIsALineOfJsonAndAHoldIsToldOnce() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    Console console = new Console(err, err, false);
    try (Progress line = console.progress()) {
      BackfillScreen screen = new BackfillScreen(console, line);
      screen.happened(event(Kind.HELD, Optional.of("lag: 61 s")));
      screen.happened(event(Kind.HELD, Optional.of("lag: 62 s")));
      screen.happened(event(Kind.CHUNK_DONE, Optional.empty()));
      screen.happened(event(Kind.HELD, Optional.of("lag: 63 s")));
    }
    List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"event\":\"backfill_held\"", "\"words\":\"lag: 61 s\"");
    assertThat(lines.get(1))
        .startsWith("{\"time\":\"")
        .endsWith(
            "\"event\":\"backfill_chunk_done\",\"from\":\"2026-03-01T00:00:00Z\","
                + "\"to\":\"2026-03-04T00:00:00Z\",\"words\":null,\"days_done\":10,\"days\":40,"
                + "\"events_read\":1000,\"events_landed\":20,\"elapsed_seconds\":300,"
                + "\"left_seconds\":3725}");
  }

  @Test
  void aPlanListsChunksWithWindowsAndAboutHowManyEvents() {
    PlanResult plan =
        new PlanResult(
            new BackfillPlan(
                TimeRange.parse("2026-02-01", "2026-03-04"),
                2,
                List.of(new BackfillPlan.Chunk(DAYS, OptionalLong.of(1_234))),
                true,
                false,
                Optional.of("run-1")),
            new BackfillRequest(DAYS, Order.NEWEST_FIRST, Optional.empty(), Optional.empty()));
    assertThat(plan.text())
        .contains(
            "2026-03-01 to 2026-03-03", " 75 ", "1,234", "2 days were done by an earlier run");
    assertThat(plan.json().toString())
        .contains("order=newest-first", "windows=75", "events=1234", "goes_on_with=run-1");
  }

  private static BackfillEvent event(Kind kind, Optional<String> words) {
    return new BackfillEvent(kind, PROGRESS, Optional.of(DAYS), words);
  }
}
