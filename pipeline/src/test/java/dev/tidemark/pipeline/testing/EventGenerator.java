package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.source.RawEvents;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Random events from a seed: few series, null and empty dimensions, errors, unknown latencies. */
public final class EventGenerator {
  private static final List<String> STATUSES =
      List.of("success", "success", "success", "client_error", "server_error", "timeout");

  private final RandomGenerator random;
  private final Instant from;
  private final int hours;

  /** Events within so many hours from a time on. */
  public EventGenerator(long seed, Instant from, int hours) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.from = from;
    this.hours = hours;
  }

  /** The generator's own randomness, for a test's other choices. */
  public RandomGenerator random() {
    return random;
  }

  /** So many new events. */
  public List<Row> events(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(event());
    }
    return rows;
  }

  /** So many events of one series at one time, which differ in their ids alone. */
  public static List<Row> alike(Instant occurredAt, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          RowFactory.create(
              UUID.randomUUID().toString(),
              Timestamp.from(occurredAt),
              Timestamp.from(occurredAt),
              "organization-1",
              null,
              null,
              null,
              "openai",
              "small",
              "chat",
              "success",
              100L,
              10L,
              50L,
              250L,
              20L,
              1_000L,
              "list",
              0L,
              null,
              null));
    }
    return rows;
  }

  private Row event() {
    long input = random.nextLong(0, 5_000);
    Instant occurredAt = from.plus(random.nextLong(hours * 3_600_000_000L), ChronoUnit.MICROS);
    return RowFactory.create(
        new UUID(random.nextLong(), random.nextLong()).toString(),
        Timestamp.from(occurredAt),
        Timestamp.from(occurredAt.plusSeconds(random.nextLong(100_000))),
        one("organization-1", "organization-2", "organization-3"),
        one(null, "", "workspace"),
        one(null, "user-1"),
        one(null, "key"),
        one("openai", "azure"),
        one("small", "large", "größte"),
        one(null, "chat"),
        STATUSES.get(random.nextInt(STATUSES.size())),
        input,
        random.nextLong(0, input + 1),
        random.nextLong(0, 2_000),
        random.nextInt(4) == 0 ? null : (long) (Math.exp(random.nextGaussian() * 2 + 5)),
        random.nextBoolean() ? null : random.nextLong(0, 500),
        random.nextLong(0, 1_000_000_000),
        "list",
        0L,
        null,
        null);
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** An event whose latency is negative, which the door refuses. */
  public static Row refused(Instant occurredAt) {
    return with(alike(occurredAt, 1).get(0), "latency_ms", -1L);
  }

  /** The same row with another arrival order, as a sender delivers it again. */
  public static Row redelivered(Row row, long arrivalOrder) {
    return with(row, RawEvents.ARRIVAL_ORDER, arrivalOrder);
  }

  private static Row with(Row row, String column, Object value) {
    Object[] values = new Object[RawEvents.SCHEMA.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    values[RawEvents.SCHEMA.fieldIndex(column)] = value;
    return RowFactory.create(values);
  }
}
