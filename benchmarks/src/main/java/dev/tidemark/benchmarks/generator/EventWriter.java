package dev.tidemark.benchmarks.generator;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes events to Parquet as an event's columns have it, in that order. */
final class EventWriter extends WriteSupport<Event> {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message event {
            required binary event_id (STRING);
            required int64 occurred_at (TIMESTAMP(MICROS, true));
            required int64 received_at (TIMESTAMP(MICROS, true));
            required binary organization_id (STRING);
            optional binary workspace_id (STRING);
            required binary user_id (STRING);
            required binary api_key_id (STRING);
            required binary provider (STRING);
            required binary model (STRING);
            required binary operation (STRING);
            required binary status (STRING);
            required int64 input_tokens;
            required int64 cached_input_tokens;
            required int64 output_tokens;
            optional int64 latency_ms;
            optional int64 time_to_first_token_ms;
            required int64 cost_nano_usd;
          }
          """);

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int UUID_LENGTH = 36;

  private final Texts texts;
  private RecordConsumer consumer;
  private int column;

  private EventWriter(Texts texts) {
    this.texts = texts;
  }

  /** The texts that repeat; every writer of a sequence uses the same. */
  record Texts(
      Binary[] organizations,
      Binary[] workspaces,
      Binary[] users,
      Binary[] apiKeys,
      Binary[] providers,
      Binary[] models,
      Binary[] operations,
      Binary[] statuses) {
    static Texts of(EventSequence sequence) {
      return new Texts(
          all(EventSequence.ORGANIZATIONS, Dimension.ORGANIZATION),
          all(EventSequence.workspaces(), Dimension.WORKSPACE),
          all(sequence.users(), Dimension.USER),
          all(2 * sequence.users(), Dimension.API_KEY),
          all(EventSequence.MODELS, EventSequence::provider),
          all(EventSequence.MODELS, EventSequence::model),
          all(EventSequence.MODELS, EventSequence::operation),
          all(EventSequence.STATUSES.size(), EventSequence.STATUSES::get));
    }

    private static Binary[] all(int count, Dimension dimension) {
      return all(count, number -> dimension.id(number).toString());
    }

    private static Binary[] all(int count, IntFunction<String> text) {
      Binary[] all = new Binary[count];
      for (int number = 0; number < count; number++) {
        byte[] bytes = text.apply(number).getBytes(StandardCharsets.UTF_8);
        all[number] = Binary.fromConstantByteArray(bytes);
      }
      return all;
    }
  }

  /** Makes the writer of a file. */
  static final class Builder extends ParquetWriter.Builder<Event, Builder> {
    private final Texts texts;

    Builder(OutputFile file, Texts texts) {
      super(file);
      this.texts = texts;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // Parquet leaves no other to be overridden
    protected WriteSupport<Event> getWriteSupport(Configuration configuration) {
      return new EventWriter(texts);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Parquet leaves no other to be overridden
  public WriteContext init(Configuration configuration) {
    return new WriteContext(SCHEMA, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(Event event) {
    column = 0;
    consumer.startMessage();
    write(Binary.fromConstantByteArray(text(event.idHigh, event.idLow)));
    write(event.occurredAt);
    write(event.receivedAt);
    write(texts.organizations[event.organization]);
    if (event.workspace < 0) {
      column++;
    } else {
      write(texts.workspaces[event.workspace]);
    }
    write(texts.users[event.user]);
    write(texts.apiKeys[event.apiKey]);
    write(texts.providers[event.model]);
    write(texts.models[event.model]);
    write(texts.operations[event.model]);
    write(texts.statuses[event.status]);
    write(event.inputTokens);
    write(event.cachedInputTokens);
    write(event.outputTokens);
    writeMeasured(event.latencyMillis);
    writeMeasured(event.timeToFirstTokenMillis);
    write(event.costNanoUsd);
    consumer.endMessage();
  }

  private void writeMeasured(long value) {
    if (value == Event.NONE) {
      column++;
    } else {
      write(value);
    }
  }

  private void write(long value) {
    begin();
    consumer.addLong(value);
    end();
  }

  private void write(Binary value) {
    begin();
    consumer.addBinary(value);
    end();
  }

  private void begin() {
    consumer.startField(SCHEMA.getFieldName(column), column);
  }

  private void end() {
    consumer.endField(SCHEMA.getFieldName(column), column);
    column++;
  }

  /** As {@link UUID#toString} has it. */
  private static byte[] text(long high, long low) {
    byte[] text = new byte[UUID_LENGTH];
    int at = digits(text, 0, high >>> 32, 8);
    at = digits(text, at, high >>> 16, 4);
    at = digits(text, at, high, 4);
    at = digits(text, at, low >>> 48, 4);
    digits(text, at, low, 12);
    return text;
  }

  private static int digits(byte[] text, int from, long value, int count) {
    int at = from;
    for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) {
      text[at++] = HEX[(int) (value >>> shift) & 0xf];
    }
    if (at < UUID_LENGTH) {
      text[at++] = '-';
    }
    return at;
  }
}
