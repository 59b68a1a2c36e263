package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.sql.SqlResource;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.unsafe.types.UTF8String;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

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
  private static final HexFormat HEX = HexFormat.of();

  private final UsageEventsScan.Task task;
  private final Iterator<Slice> slices;
  private Connection connection;
  private DataInputStream copy;
  private InternalRow row;

  UsageEventsReader(UsageEventsScan.Task task) {
    this.task = task;
    this.slices = task.slices().iterator();
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      if (copy == null) {
        if (!slices.hasNext()) {
          return false;
        }
        open(slices.next());
      }
      int columns = copy.readShort();
      if (columns == COLUMNS) {
        row = readRow();
        return true;
      }
      copy.close();
      copy = null;
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

  private void open(Slice slice) throws IOException {
    try {
      if (connection == null) {
        connection = task.server().connect();
        PostgresServer.join(connection, task.snapshot());
      }
      String sql =
          READ_SLICE
              .text()
              .formatted(slice.leaf(), slice.fromBlock(), slice.toBlock(), task.condition());
      copy =
          new DataInputStream(
              new BufferedInputStream(
                  new PGCopyInputStream(connection.unwrap(PGConnection.class), sql), 1 << 16));
      copy.skipNBytes(HEADER_BYTES);
      copy.skipNBytes(copy.readInt());
    } catch (SQLException e) {
      throw PipelineFailures.sourceUnreadable(slice.leaf(), e);
    }
  }

  private InternalRow readRow() throws IOException {
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

  private UTF8String uuid() throws IOException {
    int length = copy.readInt();
    if (length < 0) {
      return null;
    }
    String hex = HEX.toHexDigits(copy.readLong()) + HEX.toHexDigits(copy.readLong());
    byte[] text = new byte[36];
    byte[] digits = hex.getBytes(StandardCharsets.US_ASCII);
    int from = 0;
    for (int to = 0; to < text.length; to++) {
      text[to] = to == 8 || to == 13 || to == 18 || to == 23 ? (byte) '-' : digits[from++];
    }
    return UTF8String.fromBytes(text);
  }

  private UTF8String text() throws IOException {
    int length = copy.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    copy.readFully(bytes);
    return UTF8String.fromBytes(bytes);
  }

  private Long number() throws IOException {
    return copy.readInt() < 0 ? null : copy.readLong();
  }

  /** Microseconds since 1970; null for null and for both infinities. */
  private Long timestamp() throws IOException {
    if (copy.readInt() < 0) {
      return null;
    }
    long micros = copy.readLong();
    boolean infinite = micros == Long.MAX_VALUE || micros == Long.MIN_VALUE;
    return infinite ? null : Math.addExact(micros, POSTGRES_EPOCH_MICROS);
  }
}
