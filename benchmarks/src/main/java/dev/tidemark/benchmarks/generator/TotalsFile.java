package dev.tidemark.benchmarks.generator;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.console.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Totals as JSON, kept beside the files that they are of. */
final class TotalsFile {
  private TotalsFile() {}

  static String text(Totals totals) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("events", totals.events());
    json.put("errors", totals.errors());
    json.put("input_tokens", totals.inputTokens());
    json.put("cached_input_tokens", totals.cachedInputTokens());
    json.put("output_tokens", totals.outputTokens());
    json.put("cost_nano_usd", totals.costNanoUsd());
    json.put("latencies", totals.latencies());
    json.put("latency_ms", totals.latencyMillis());
    return Json.write(json);
  }

  static Totals parse(String text) {
    Config json = ConfigFactory.parseString(text);
    return new Totals(
        json.getLong("events"),
        json.getLong("errors"),
        json.getLong("input_tokens"),
        json.getLong("cached_input_tokens"),
        json.getLong("output_tokens"),
        json.getLong("cost_nano_usd"),
        json.getLong("latencies"),
        json.getLong("latency_ms"));
  }
}
