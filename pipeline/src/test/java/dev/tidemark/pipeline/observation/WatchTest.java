package dev.tidemark.pipeline.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final RunStart RUN =
      new RunStart("run", "rollup", "list", Instant.EPOCH, Optional.empty());

  private final List<String> heard = new ArrayList<>();
  private final List<Work> works = new ArrayList<>();
  private final RunObserver observer =
      new RunObserver() {
        @Override
        public void runBegins(RunStart start) {
          heard.add("begins " + start.command());
        }

        @Override
        public void workEnds(RunStart run, Work work) {
          works.add(work);
          heard.add(work.kind().label() + " " + work.table());
        }

        @Override
        public void runEnds(RunEnd end) {
          heard.add("ends " + end.outcome() + " " + end.totals().conflicts());
        }
      };

  @Test
  void workIsToldWithItsPartsAndAddedUp() {
    Watch watch = Watch.by(observer).begin(RUN);

    watch.during(
        Work.Kind.BATCH,
        "events",
        "",
        batch -> {
          batch.add(Figure.ROWS_READ, 7).add(Figure.LAG_MS, 30);
          batch.lost("landing", true);
          return batch.during(
              Work.Kind.APPEND, "events", "", append -> append.add(Figure.ROWS_INSERTED, 5));
        });
    for (int month = 1; month <= 2; month++) {
      watch.during(
          Work.Kind.UNIT,
          "hours",
          "2026-0" + month,
          unit -> {
            assertThatThrownBy(
                    () ->
                        unit.during(
                            Work.Kind.MERGE,
                            "hours",
                            "",
                            merge -> {
                              merge.add(Figure.ROWS_INSERTED, 1_000);
                              throw new IllegalStateException("a conflict");
                            }))
                .hasMessage("a conflict");
            unit.lost("hours", true);
            unit.add(Figure.LAG_MS, 99);
            return unit.during(
                Work.Kind.MERGE, "hours", "", merge -> merge.add(Figure.ROWS_INSERTED, 3));
          });
    }
    watch.lost("marking", false);
    watch.during(
        Work.Kind.BATCH,
        "events",
        "",
        batch -> {
          batch.nothing();
          return 0;
        });
    watch.end(Instant.EPOCH, "done", Optional.empty(), Optional.empty());

    assertThat(heard)
        .containsExactly(
            "begins rollup", "batch events", "unit hours", "unit hours", "ends done 4");
    Totals totals = watch.totals();
    assertThat(totals.byTable())
        .isEqualTo(
            Map.of(
                "events",
                Map.of(
                    Figure.ROWS_READ, 7L,
                    Figure.ROWS_INSERTED, 5L,
                    Figure.CONFLICTS, 1L,
                    Figure.RETRIES, 1L),
                "hours",
                Map.of(Figure.ROWS_INSERTED, 6L, Figure.CONFLICTS, 2L, Figure.RETRIES, 2L)));
    assertThat(totals.sum(Figure.ROWS_INSERTED)).isEqualTo(11);
    assertThat(totals.lagMillis()).isEqualTo(30);
    assertThat(totals.conflicts()).isEqualTo(4);
    assertThat(totals.retries()).isEqualTo(3);
    assertThat(works.get(1).parts())
        .extracting(part -> part.failure().isPresent())
        .containsExactly(true, false);
  }

  @Test
  void whoeverListensCannotMakeARunFail() {
    RunObserver broken =
        new RunObserver() {
          @Override
          public void runBegins(RunStart start) {
            throw new IllegalStateException("full");
          }

          @Override
          public void workEnds(RunStart run, Work work) {
            throw new NoSuchMethodError("another version");
          }

          @Override
          public void runEnds(RunEnd end) {
            throw new IllegalStateException("full");
          }
        };
    Watch watch = Watch.by(RunObserver.all(List.of(broken, observer))).begin(RUN);

    assertThat(watch.<Integer, RuntimeException>during(Work.Kind.UNIT, "hours", "", unit -> 3))
        .isEqualTo(3);
    watch.end(Instant.EPOCH, "done", Optional.empty(), Optional.empty());

    assertThat(heard).containsExactly("begins rollup", "unit hours", "ends done 0");
  }
}
