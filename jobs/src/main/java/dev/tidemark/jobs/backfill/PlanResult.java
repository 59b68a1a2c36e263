package dev.tidemark.jobs.backfill;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.backfill.BackfillPlan;
import dev.tidemark.pipeline.backfill.BackfillRequest;
import dev.tidemark.pipeline.window.Micros;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a backfill would do. */
record PlanResult(BackfillPlan plan, BackfillRequest request) implements Result {
  private static final int SHOWN = 40;

  @Override
  public String text() {
    TextTable table = new TextTable("chunk", "days (UTC)", "windows", "events, about");
    List<BackfillPlan.Chunk> chunks = plan.chunks();
    for (int i = 0; i < Math.min(SHOWN, chunks.size()); i++) {
      BackfillPlan.Chunk chunk = chunks.get(i);
      table.row(
          i + 1,
          BackfillScreen.days(chunk.days()),
          windows(chunk),
          chunk.events().isPresent() ? "%,d".formatted(chunk.events().getAsLong()) : "");
    }
    String more =
        chunks.size() > SHOWN ? "\n… and %,d chunks more".formatted(chunks.size() - SHOWN) : "";
    String done =
        plan.daysDone() == 0
            ? ""
            : "\n%,d days were done by an earlier run (%s); these are the rest."
                .formatted(plan.daysDone(), plan.earlier().orElse(""));
    String cut =
        plan.governed()
            ? "\nThe governor makes chunks bigger or smaller, so that each takes backfill.interval."
            : "\nEach chunk reads all files once.";
    String first =
        plan.firstHistory()
            ? "\nNothing has been landed from this source yet: this is its first history."
            : "";
    return table + more + done + cut + first;
  }

  /** Hours, and a day each 24. */
  private static long windows(BackfillPlan.Chunk chunk) {
    return chunk.days().hours().count() + chunk.days().days().count();
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", Micros.toInstant(plan.range().from()));
    json.put("to", Micros.toInstant(plan.range().to()));
    json.put("order", request.order().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.put("days_done", plan.daysDone());
    json.put("governed", plan.governed());
    json.put("first_history", plan.firstHistory());
    json.put("goes_on_with", plan.earlier().orElse(null));
    json.put("chunks", plan.chunks().stream().map(PlanResult::json).toList());
    return json;
  }

  private static Map<String, Object> json(BackfillPlan.Chunk chunk) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", Micros.toInstant(chunk.days().from()));
    json.put("to", Micros.toInstant(chunk.days().to()));
    json.put("windows", windows(chunk));
    json.put("events", chunk.events().isPresent() ? chunk.events().getAsLong() : null);
    return json;
  }
}
