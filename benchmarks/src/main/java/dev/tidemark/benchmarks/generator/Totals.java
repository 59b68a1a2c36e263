package dev.tidemark.benchmarks.generator;

/**
 * What events add up to, each counted once however often it was delivered.
 *
 * @param events how many
 * @param errors how many of them have another status than success
 * @param inputTokens cached ones included
 * @param latencies how many have one
 * @param latencyMillis their sum
 */
public record Totals(
    long events,
    long errors,
    long inputTokens,
    long cachedInputTokens,
    long outputTokens,
    long costNanoUsd,
    long latencies,
    long latencyMillis) {
  /** Of no events. */
  public static final Totals NOTHING = new Totals(0, 0, 0, 0, 0, 0, 0, 0);

  /** Of both. */
  public Totals plus(Totals other) {
    return new Totals(
        events + other.events,
        errors + other.errors,
        inputTokens + other.inputTokens,
        cachedInputTokens + other.cachedInputTokens,
        outputTokens + other.outputTokens,
        costNanoUsd + other.costNanoUsd,
        latencies + other.latencies,
        latencyMillis + other.latencyMillis);
  }

  /** Counts deliveries up one by one. */
  static final class Counter {
    private long events;
    private long errors;
    private long inputTokens;
    private long cachedInputTokens;
    private long outputTokens;
    private long costNanoUsd;
    private long latencies;
    private long latencyMillis;

    void add(Event event) {
      if (event.redelivery) {
        return;
      }
      events++;
      errors += event.status > 0 ? 1 : 0;
      inputTokens += event.inputTokens;
      cachedInputTokens += event.cachedInputTokens;
      outputTokens += event.outputTokens;
      costNanoUsd += event.costNanoUsd;
      if (event.latencyMillis != Event.NONE) {
        latencies++;
        latencyMillis += event.latencyMillis;
      }
    }

    Totals totals() {
      return new Totals(
          events,
          errors,
          inputTokens,
          cachedInputTokens,
          outputTokens,
          costNanoUsd,
          latencies,
          latencyMillis);
    }
  }
}
