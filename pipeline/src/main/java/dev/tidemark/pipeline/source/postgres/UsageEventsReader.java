package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.sql.SqlResource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.unsafe.types.UTF8String;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads one task's slices by binary {@code COPY} within the exported snapshot.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, binary format</a>
 */
final class UsageEventsReader implements PartitionReader<InternalRow> {
  private static final SqlResource READ_SLICE =
      SqlResource.of(UsageEventsReader.class, "read-slice.sql");

  /** Signature of 11 bytes and flags of 4, before the length of the header's extension. */
  private static final int HEADER_BYTES = 15;

  private static final int COLUMNS = 18;
  private static final int RAW_COLUMNS = RawEvents.SCHEMA.length();
  private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
  private static final UTF8String SOURCE = UTF8String.fromString("usage_events");
  private static final UTF8String INFINITE = UTF8String.fromString("occurred-at-infinite");
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int UUID_LENGTH = 36;

  private final UsageEventsScan.Task task;
  private final Iterator<Slice> slices;
  private Connection connection;
  private CopyOut copy;
  private boolean atHeader;

  /** What is left of a message; Postgres sends one for each row, the header before the first. */
  private ByteBuffer fields = ByteBuffer.allocate(0);

  private InternalRow row;

  UsageEventsReader(UsageEventsScan.Task task) {
    this.task = task;
    this.slices = task.slices().iterator();
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      if (fields.hasRemaining() && fields.getShort() == COLUMNS) {
        row = readRow();
        return true;
      }
      if (copy == null) {
        if (!slices.hasNext()) {
          return false;
        }
        open(slices.next());
      }
      receive();
    }
  }

  private void receive() throws IOException {
    byte[] message;
    try {
      message = copy.readFromCopy();
    } catch (SQLException e) {
      throw new IOException(e);
    }
    if (message == null) {
      copy = null;
      return;
    }
    fields = ByteBuffer.wrap(message);
    if (atHeader) {
      fields.position(HEADER_BYTES);
      fields.position(HEADER_BYTES + Integer.BYTES + fields.getInt());
      atHeader = false;
    }
  }

  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public void close() throws IOException {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private void open(Slice slice) {
    try {
      if (connection == null) {
        connection = task.server().connect();
        PostgresServer.join(connection, task.snapshot());
      }
      String sql =
          READ_SLICE
              .text()
              .formatted(slice.leaf(), slice.fromBlock(), slice.toBlock(), task.condition());
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
      atHeader = true;
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable(slice.leaf(), e);
    }
  }

  private InternalRow readRow() {
    Object[] values = new Object[RAW_COLUMNS];
    int column = 0;
    values[column++] = uuid();
    Long occurredAt = timestamp();
    values[column++] = occurredAt;
    values[column++] = timestamp();
    for (int i = 0; i < 4; i++) {
      values[column++] = uuid();
    }
    for (int i = 0; i < 4; i++) {
      values[column++] = text();
    }
    for (int i = 0; i < 6; i++) {
      values[column++] = number();
    }
    values[column++] = SOURCE;
    values[column++] = number();
    values[column++] = null;
    values[column] = occurredAt == null ? INFINITE : null;
    return new GenericInternalRow(values);
  }

  private UTF8String uuid() {
    if (fields.getInt() < 0) {
      return null;
    }
    byte[] text = new byte[UUID_LENGTH];
    int to = 0;
    for (int at = 0; at < 16; at++) {
      if (at == 4 || at == 6 || at == 8 || at == 10) {
        text[to++] = '-';
      }
      byte value = fields.get();
      text[to++] = DIGITS[value >> 4 & 0xf];
      text[to++] = DIGITS[value & 0xf];
    }
    return UTF8String.fromBytes(text);
  }

  private UTF8String text() {
    int length = fields.getInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    fields.get(bytes);
    return UTF8String.fromBytes(bytes);
  }

  private Long number() {
    return fields.getInt() < 0 ? null : fields.getLong();
  }

  /** Microseconds since 1970; null for null and for both infinities. */
  private Long timestamp() {
    if (fields.getInt() < 0) {
      return null;
    }
    long micros = fields.getLong();
    boolean infinite = micros == Long.MAX_VALUE || micros == Long.MIN_VALUE;
    return infinite ? null : Math.addExact(micros, POSTGRES_EPOCH_MICROS);
  }
}
