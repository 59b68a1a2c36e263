package dev.tidemark.jobs.lake;

import static org.apache.spark.sql.functions.col;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.quality.QualityRules;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
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
  record Refused(
      String id,
      Instant at,
      String rule,
      String explanation,
      String source,
      String place,
      String record) {}

  /**
   * Reads the newest refused events.
   *
   * @param rule only those that it refused; empty for all
   * @param rules the user's own, which explain what they refused
   */
  static Quarantine read(Lake lake, int limit, Optional<String> rule, QualityRules rules) {
    Dataset<Row> refused = lake.quarantinedEvents().read();
    if (rule.isPresent()) {
      refused = refused.where(col("rule").equalTo(rule.get()));
    }
    List<Refused> records =
        refused
            .orderBy(col("quarantined_at").desc(), col("source_name"), col("record_id"))
            .limit(limit)
            .collectAsList()
            .stream()
            .map(row -> refused(row, rules))
            .toList();
    return new Quarantine(refused.count(), records);
  }

  private static Refused refused(Row row, QualityRules rules) {
    String rule = row.getAs("rule");
    return new Refused(
        row.getAs("record_id"),
        row.<Timestamp>getAs("quarantined_at").toInstant(),
        rule,
        explanation(rule, rules),
        row.getAs("source"),
        row.getAs("source_name"),
        row.getAs("raw_record"));
  }

  /** What the rule asks for or refuses; an event may have been refused by a rule that is gone. */
  private static String explanation(String rule, QualityRules rules) {
    return rules
        .named(rule)
        .map(
            known ->
                known.description().isEmpty()
                    ? known.check().text()
                    : known.description() + " (" + known.check().text() + ")")
        .or(() -> Landing.explanation(rule).map(broken -> "refused: " + broken))
        .orElse("no rule of this name is configured any more");
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
    StringBuilder text = new StringBuilder(table.toString());
    if (records.size() < total) {
      text.append("\n… and %,d more (--limit)".formatted(total - records.size()));
    }
    text.append("\n\nThe rules:");
    Map<String, String> explanations = new TreeMap<>();
    records.forEach(refused -> explanations.put(refused.rule(), refused.explanation()));
    explanations.forEach(
        (rule, explanation) -> text.append("\n  ").append(rule).append(": ").append(explanation));
    return text.toString();
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
    json.put("record_id", refused.id());
    json.put("quarantined_at", refused.at());
    json.put("rule", refused.rule());
    json.put("explanation", refused.explanation());
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
