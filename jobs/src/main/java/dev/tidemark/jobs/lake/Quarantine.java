package dev.tidemark.jobs.lake;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.lake.Lake;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Refused events.
 *
 * @param total how many there are
 * @param records the newest of them
 */
record Quarantine(long total, List<Refused> records) implements Result {
  private static final int SHOWN_OF_PLACE = 28;
  private static final int SHOWN_OF_RECORD = 48;

  /** One refused event; place and record as the source had them. */
  record Refused(Instant at, String rule, String source, String place, String record) {}

  static Quarantine read(Lake lake, int limit) {
    List<Refused> records =
        lake
            .quarantinedEvents()
            .read()
            .orderBy(col("quarantined_at").desc(), col("source_name"), col("record_id"))
            .limit(limit)
            .collectAsList()
            .stream()
            .map(Quarantine::refused)
            .toList();
    return new Quarantine(lake.quarantinedEvents().read().count(), records);
  }

  private static Refused refused(Row row) {
    return new Refused(
        row.<Timestamp>getAs("quarantined_at").toInstant(),
        row.getAs("rule"),
        row.getAs("source"),
        row.getAs("source_name"),
        row.getAs("raw_record"));
  }

  @Override
  public String text() {
    if (records.isEmpty()) {
      return "No event was refused.";
    }
    TextTable table = new TextTable("refused (UTC)", "rule", "place", "record");
    for (Refused refused : records) {
      table.row(
          refused.at().truncatedTo(ChronoUnit.SECONDS),
          refused.rule(),
          end(refused.place()),
          beginning(refused.record()));
    }
    return records.size() == total
        ? table.toString()
        : table + "\n… and %,d more (--limit)".formatted(total - records.size());
  }

  @Override
  public Object json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("total", total);
    json.put("records", records.stream().map(Quarantine::json).toList());
    return json;
  }

  private static Map<String, Object> json(Refused refused) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("quarantined_at", refused.at());
    json.put("rule", refused.rule());
    json.put("source", refused.source());
    json.put("source_name", refused.place());
    json.put("raw_record", refused.record());
    return json;
  }

  private static String end(String text) {
    return text == null || text.length() <= SHOWN_OF_PLACE
        ? text
        : "…" + text.substring(text.length() - SHOWN_OF_PLACE + 1);
  }

  private static String beginning(String text) {
    String line = String.valueOf(text).replaceAll("\\s+", " ");
    return line.length() <= SHOWN_OF_RECORD ? line : line.substring(0, SHOWN_OF_RECORD - 1) + "…";
  }
}
