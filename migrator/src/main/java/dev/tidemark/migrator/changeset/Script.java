package dev.tidemark.migrator.changeset;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A file of SQL.
 *
 * @param file folder and name, such as {@code 202611210910_identity/apply.sql}
 * @param text its whole content
 * @param statements its statements in order
 */
public record Script(String file, String text, List<Statement> statements) {
  /**
   * Splits a text into statements.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if a quote, comment, parenthesis or
   *     body in it has no end
   */
  public static Script of(String file, String text) {
    return new Script(file, text, StatementSplitter.split(file, text));
  }

  /**
   * SHA-256 of the canonical statements, in lower-case hexadecimal. Comments and white space do not
   * change it.
   */
  public String checksum() {
    MessageDigest digest = sha256();
    for (Statement statement : statements) {
      digest.update(statement.canonical().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
