package dev.tidemark.benchmarks.operational;

import dev.tidemark.benchmarks.generator.Zipf;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Computes usage events: those of twelve months, in the order in which they happened. */
final class EventRows implements Loader.Row {
  /** Organizations that have any. */
  static final int ORGANIZATIONS = 10_000;

  static final String COLUMNS =
      "usage_events (id, occurred_at, organization_id, user_id, api_key_id, provider, model,"
          + " operation, status, http_status, input_tokens, cached_input_tokens, output_tokens,"
          + " latency_ms, cost_nano_usd)";

  private static final long SPAN_MICROS = 365L * 24 * 3600 * 1_000_000;
  private static final String[] PROVIDERS = {"anthropic", "azure", "mistral", "openai", "vertex"};
  private static final int MODELS = 5;

  private final Scale scale;
  private final Instant end;
  private final Zipf zipf = new Zipf(ORGANIZATIONS);

  /**
   * @param end where the twelve months end
   */
  EventRows(Scale scale, Instant end) {
    this.scale = scale;
    this.end = end;
  }

  /** Where the twelve months begin. */
  Instant start() {
    return end.minus(SPAN_MICROS, ChronoUnit.MICROS);
  }

  static String provider(long random) {
    return PROVIDERS[Math.floorMod(random, PROVIDERS.length)];
  }

  static String model(long random) {
    return provider(random) + "-" + Math.floorMod(random >>> 8, MODELS);
  }

  /** Mostly some hundred, sometimes thousands: a power of a uniform number. */
  static int latencyMillis(long random) {
    double uniform = (random >>> 11) / (double) (1L << 53);
    return (int) (80 / Math.max(0.005, 1 - uniform));
  }

  @Override
  public void append(StringBuilder text, long number) {
    long random = Identifiers.mix(number + 1);
    long dimensions = Identifiers.mix(random + 1);
    long organization = Math.floorMod(zipf.rank(random), scale.organizations());
    double place = (number + 0.5) / scale.events();
    Instant occurredAt = start().plus((long) (place * SPAN_MICROS), ChronoUnit.MICROS);
    boolean failed = Math.floorMod(dimensions >>> 40, 100) < 3;
    long inputTokens = 50 + (dimensions & 0x1FFF);
    text.append(Identifiers.EVENT.of(number)).append('\t');
    text.append(occurredAt).append('\t');
    text.append(Identifiers.ORGANIZATION.of(organization)).append('\t');
    text.append(Identifiers.USER.of(organization)).append('\t');
    text.append(Identifiers.API_KEY.of(organization)).append('\t');
    text.append(provider(dimensions)).append('\t').append(model(dimensions)).append('\t');
    text.append("chat\t").append(failed ? "server_error\t500\t" : "success\t200\t");
    text.append(inputTokens).append('\t').append(inputTokens / 4).append('\t');
    text.append(dimensions >>> 16 & 0x7FF).append('\t');
    text.append(latencyMillis(Identifiers.mix(dimensions))).append('\t');
    text.append(inputTokens * 3_000).append('\n');
  }
}
