package dev.tidemark.migrator.changeset;

import dev.tidemark.migrator.digest.Sha256;
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

  /** Its comments in order, but for those inside of quoted text, such as the body of a function. */
  public List<Comment> comments() {
    return SqlLexer.tokens(file, text).stream()
        .filter(token -> token.kind() == Token.Kind.SPACE)
        .filter(
            token -> text.startsWith("--", token.start()) || text.startsWith("/*", token.start()))
        .map(
            token ->
                new Comment(
                    text.substring(token.start(), token.end()).strip(),
                    SqlLexer.line(text, token.start())))
        .toList();
  }

  /**
   * SHA-256 of the canonical statements, in lower-case hexadecimal. Comments and white space do not
   * change it.
   */
  public String checksum() {
    Sha256 digest = new Sha256();
    statements.forEach(statement -> digest.add(statement.canonical()));
    return HexFormat.of().formatHex(digest.finish());
  }
}
