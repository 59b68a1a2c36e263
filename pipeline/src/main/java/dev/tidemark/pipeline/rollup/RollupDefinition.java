package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.histogram.LatencyBuckets;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.window.Days;
import dev.tidemark.pipeline.window.Hours;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What the numbers of a window mean. Each window is stored with the version of the definition that
 * it was computed with; windows of another version are recomputed, whatever arrived.
 *
 * @param number raised by hand when the meaning changes in a way that the parts do not show
 * @param parts what defines the numbers
 */
public record RollupDefinition(int number, List<String> parts) {
  private static final int NUMBER = 1;
  private static final int HASH_BYTES = 6;

  /** The definition of this program. */
  public static final RollupDefinition CURRENT = new RollupDefinition(NUMBER, currentParts());

  /** Copies the parts. */
  public RollupDefinition {
    parts = List.copyOf(parts);
  }

  private static List<String> currentParts() {
    List<String> parts = new ArrayList<>(RawEvents.DIMENSIONS);
    parts.add("hour " + Hours.MICROS);
    parts.add("day " + Days.MICROS);
    parts.add("an error is any status but success");
    parts.add("cost in nano US dollars");
    parts.add("latency buckets " + LatencyBuckets.VERSION);
    parts.addAll(WindowTotals.MEASURES);
    return parts;
  }

  /** The number and the beginning of a SHA-256 over the parts, such as {@code 1-0d3f5b2a91c4}. */
  public String version() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : parts) {
      byte[] text = part.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
      bytes.writeBytes(text);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      return number + "-" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
