package dev.tidemark.benchmarks.generator;

import java.util.List;

/**
 * Deliveries of usage events in the order of their arrival, each made from its number alone.
 *
 * <p>10,000 organizations, whose shares follow Zipf's law, with 13,800 users of two keys each; 50
 * models of five providers; people work in sessions of about five requests with one key and model;
 * 3 % errors; log-normal latencies and tokens; 0.5 % are re-deliveries of one of the {@value
 * #REACH} deliveries before; 2 % of the events arrive 5 minutes to 30 days late, as far as the span
 * goes back. Late events are spread evenly over the logarithm of their lateness.
 */
public final class EventSequence {
  /** How many organizations there are. */
  public static final int ORGANIZATIONS = 10_000;

  /** How many models there are. */
  public static final int MODELS = 50;

  static final List<String> STATUSES =
      List.of("success", "client_error", "server_error", "timeout", "rate_limited", "cancelled");

  private static final List<String> PROVIDERS =
      List.of("anthropic", "azure", "bedrock", "openai", "vertex");

  private static final List<String> OPERATIONS = List.of("chat", "chat", "chat", "embed", "chat");

  /** How far a re-delivery lies at most behind its first delivery. */
  static final long REACH = 50_000;

  /** So many deliveries in a row come from so many sessions. */
  private static final int BLOCK = 4096;

  private static final int SESSIONS = BLOCK / 5;

  private static final int RATE_LIMITED = 4;
  private static final double REDELIVERIES = 0.005;
  private static final double LATE = 0.02;
  private static final double ERRORS = 0.03;
  private static final double CACHED = 0.3;
  private static final double OTHER_MODEL = 0.2;
  private static final double OTHER_KEY = 0.1;
  private static final double LEAST_LATE_MICROS = 5 * 60e6;
  private static final double MOST_TO_LEAST_LATE = 30 * 24 * 12;
  private static final double PUNCTUAL_MICROS = 5e6;
  private static final int WORKSPACES = 3;

  private static final int ID_HIGH = 0;
  private static final int ID_LOW = 1;
  private static final int DELAY = 2;
  private static final int WHO = 3;
  private static final int WHAT = 4;
  private static final int OUTCOME = 5;
  private static final int TOKENS = 6;
  private static final int LATENCY = 7;
  private static final int DELIVERY = 8;
  private static final int SESSION = 9;

  private final long deliveries;
  private final Span span;
  private final long seed;
  private final long start;
  private final double microsBetween;
  private final Zipf organizations = new Zipf(ORGANIZATIONS);
  private final int[] firstUser = new int[ORGANIZATIONS + 1];
  private final LogNormal latency = new LogNormal(900, 0.9, 600_000);
  private final LogNormal input = new LogNormal(1_200, 1.2, 200_000);
  private final LogNormal output = new LogNormal(250, 1.0, 32_000);

  /** The cells of lateness, whose logarithm is uniform. */
  private final long[] lateness = new long[1 << 12];

  /**
   * A sequence.
   *
   * @param deliveries how many there are, re-deliveries included
   * @param span the time in which they arrive, evenly
   * @param seed another one makes other events
   */
  public EventSequence(long deliveries, Span span, long seed) {
    this.deliveries = deliveries;
    this.span = span;
    this.seed = Bits.mix(seed);
    this.start = span.start().getEpochSecond() * 1_000_000;
    this.microsBetween = (span.end().getEpochSecond() * 1e6 - start) / deliveries;
    for (int organization = 0; organization < ORGANIZATIONS; organization++) {
      firstUser[organization + 1] = firstUser[organization] + 1 + 500 / (organization + 5);
    }
    for (int cell = 0; cell < lateness.length; cell++) {
      lateness[cell] =
          StrictMath.round(
              LEAST_LATE_MICROS
                  * StrictMath.pow(MOST_TO_LEAST_LATE, (cell + 0.5) / lateness.length));
    }
  }

  /** How many deliveries there are; their numbers run from 0 to one less. */
  public long deliveries() {
    return deliveries;
  }

  /** The time in which they arrive. */
  public Span span() {
    return span;
  }

  /** How many users there are. */
  int users() {
    return firstUser[ORGANIZATIONS];
  }

  static int workspaces() {
    return ORGANIZATIONS * WORKSPACES;
  }

  /** Makes the delivery with a number. */
  public void fill(long number, Event event) {
    long original = original(number);
    long key = original ^ seed;
    event.redelivery = original != number;
    event.idHigh = Dimension.version(Bits.of(key, ID_HIGH));
    event.idLow = Dimension.variant(Bits.of(key, ID_LOW));
    long firstArrival = arrival(original);
    event.receivedAt = event.redelivery ? arrival(number) : firstArrival;
    event.occurredAt = occurredAt(firstArrival, Bits.of(key, DELAY));

    long session = original / BLOCK * SESSIONS + (Bits.of(key, SESSION) >>> 33) % SESSIONS;
    long who = Bits.of(session ^ seed, WHO);
    event.organization = organizations.rank(who);
    long within = Bits.mix(who);
    int users = firstUser[event.organization + 1] - firstUser[event.organization];
    event.user = firstUser[event.organization] + (int) ((within >>> 33) % users);
    event.workspace =
        event.user % 2 == 0 ? -1 : event.organization * WORKSPACES + event.user % WORKSPACES;
    long what = Bits.of(session ^ seed, WHAT);
    event.apiKey = 2 * event.user + (Bits.uniform(what) < OTHER_KEY ? 1 : 0);
    what = Bits.mix(what);
    int choice = Bits.uniform(what) < OTHER_MODEL ? 1 : 0;
    event.model = (int) ((Bits.of(event.user, choice) >>> 33) % MODELS);

    long outcome = Bits.of(key, OUTCOME);
    event.status =
        Bits.uniform(outcome) < ERRORS
            ? 1 + (int) ((Bits.mix(outcome) >>> 33) % (STATUSES.size() - 1))
            : 0;
    amounts(key, event);
  }

  private void amounts(long key, Event event) {
    long tokens = Bits.of(key, TOKENS);
    event.inputTokens = input.draw(tokens);
    tokens = Bits.mix(tokens);
    event.cachedInputTokens =
        Bits.uniform(tokens) < CACHED ? event.inputTokens * ((tokens & 0xff) + 1) / 256 : 0;
    event.outputTokens = event.status == 0 ? output.draw(Bits.mix(tokens)) : 0;
    event.costNanoUsd =
        event.inputTokens * (100 + 50L * event.model)
            + event.outputTokens * (400 + 200L * event.model);
    event.latencyMillis = Event.NONE;
    event.timeToFirstTokenMillis = Event.NONE;
    if (event.status < RATE_LIMITED) {
      long bits = Bits.of(key, LATENCY);
      event.latencyMillis = latency.draw(bits);
      if (event.status == 0) {
        event.timeToFirstTokenMillis = event.latencyMillis * ((bits & 0x7f) + 1) / 256;
      }
    }
  }

  private long original(long number) {
    long first = number;
    while (first > 0) {
      long bits = Bits.of(first ^ seed, DELIVERY);
      if (Bits.uniform(bits) >= REDELIVERIES) {
        return first;
      }
      first -= 1 + (Bits.mix(bits) >>> 1) % Math.min(first, REACH);
    }
    return first;
  }

  private long arrival(long number) {
    return start + (long) (number * microsBetween);
  }

  private long occurredAt(long arrival, long bits) {
    long mixed = Bits.mix(bits);
    long delay =
        Bits.uniform(bits) < LATE
            ? lateness[(int) (mixed >>> 52)]
            : (long) (Bits.uniform(mixed) * PUNCTUAL_MICROS);
    long since = arrival - start;
    return delay <= since ? arrival - delay : start + (long) (Bits.uniform(mixed) * since);
  }

  static String provider(int model) {
    return PROVIDERS.get(model % PROVIDERS.size());
  }

  static String model(int model) {
    return "model-" + (char) ('a' + model / 10) + model % 10;
  }

  static String operation(int model) {
    return OPERATIONS.get(model / 10);
  }
}
