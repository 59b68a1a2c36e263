package dev.tidemark.migrator.audit;

import dev.tidemark.migrator.secrecy.AuditKey;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An entry of the chain, as the table has it. Everything but the number is text, so that whatever
 * somebody makes of the table can be read and judged; any text may be null then.
 *
 * @param number from 1
 * @param facts what happened, in the order of the table's columns
 * @param keyId the key that signs it
 * @param previous the hash of the entry before
 * @param hash HMAC-SHA256 of all that, in hexadecimal
 */
record AuditEntry(long number, Facts facts, String keyId, String previous, String hash) {
  /** What the first entry follows. */
  static final String GENESIS = "0".repeat(64);

  static final String BEGUN = "begun";
  static final String ENDED = "ended";
  static final String KEY = "key";
  static final String ACCEPTED = "accepted";

  private static final String FORMAT = "tidemark audit entry 1";

  /**
   * What happened.
   *
   * @param stage begun, ended, key or accepted
   * @param payload what the table calls payload_checksum
   * @param at UTC, to the microsecond, such as {@code 2026-11-25T02:00:00.000000Z}
   */
  record Facts(
      String operationId,
      String stage,
      String operation,
      String changeSets,
      String payload,
      String reason,
      String outcome,
      String message,
      String at,
      String actor,
      String role,
      String host,
      String process,
      String program) {
    List<String> texts() {
      return Arrays.asList(
          operationId,
          stage,
          operation,
          changeSets,
          payload,
          reason,
          outcome,
          message,
          at,
          actor,
          role,
          host,
          process,
          program);
    }
  }

  /** The entry that says so, signed. */
  static AuditEntry signed(long number, Facts facts, String previous, AuditKey key) {
    AuditEntry unsigned = new AuditEntry(number, facts, key.id(), previous, "");
    return new AuditEntry(number, facts, key.id(), previous, key.sign(unsigned.signedBytes()));
  }

  boolean isSignedBy(AuditKey key) {
    return key.sign(signedBytes()).equals(hash);
  }

  boolean is(String stage) {
    return stage.equals(facts.stage());
  }

  /** Each text with its length before it, so that nothing can be moved from one to the next. */
  byte[] signedBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      append(out, FORMAT);
      out.writeLong(number);
      for (String text : facts.texts()) {
        append(out, text);
      }
      append(out, keyId);
      append(out, previous);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void append(DataOutputStream out, String text) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
