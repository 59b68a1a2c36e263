package dev.tidemark.pipeline.runs;

import dev.tidemark.pipeline.observation.FailureCode;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Totals;
import dev.tidemark.pipeline.observation.Watch;
import dev.tidemark.pipeline.observation.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rows of the table {@code job_work}: the work of a run, and what all of it lost to others. */
final class WorkRows {
  /** In the order of the table's columns. */
  private static final List<Figure> COLUMNS =
      List.of(
          Figure.ROWS_READ,
          Figure.ROWS_DUPLICATE,
          Figure.ROWS_INSERTED,
          Figure.ROWS_UPDATED,
          Figure.ROWS_DELETED,
          Figure.ROWS_COPIED,
          Figure.WINDOWS,
          Figure.REQUESTS,
          Figure.BYTES_WRITTEN,
          Figure.FILES_ADDED,
          Figure.FILES_REMOVED,
          Figure.LAG_MS,
          Figure.CONFLICTS,
          Figure.RETRIES);

  private WorkRows() {}

  /** None for a run that did nothing and lost nothing to others. */
  static List<List<Object>> of(RunStart run, Watch watch, Instant now) {
    List<List<Object>> rows = new ArrayList<>();
    watch.works().forEach(work -> add(run, work, rows));
    Totals totals = watch.totals();
    if (!rows.isEmpty() || totals.conflicts() > 0) {
      rows.add(
          row(
              run,
              "run",
              null,
              null,
              run.startedAt(),
              Duration.between(run.startedAt(), now),
              Map.of(Figure.CONFLICTS, totals.conflicts(), Figure.RETRIES, totals.retries()),
              null));
    }
    return rows;
  }

  private static void add(RunStart run, Work work, List<List<Object>> rows) {
    rows.add(
        row(
            run,
            work.kind().label(),
            work.table(),
            work.part().isEmpty() ? null : work.part(),
            work.startedAt(),
            work.took(),
            work.figures(),
            work.failure().map(FailureCode::of).orElse(null)));
    work.parts().forEach(part -> add(run, part, rows));
  }

  private static List<Object> row(
      RunStart run,
      String kind,
      String table,
      String part,
      Instant startedAt,
      Duration took,
      Map<Figure, Long> figures,
      String failureCode) {
    List<Object> row = new ArrayList<>();
    row.add(run.runId());
    row.add(run.command());
    row.add(kind);
    row.add(table);
    row.add(part);
    row.add(startedAt);
    row.add(took.toMillis());
    COLUMNS.forEach(figure -> row.add(figures.get(figure)));
    row.add(failureCode);
    return row;
  }
}
