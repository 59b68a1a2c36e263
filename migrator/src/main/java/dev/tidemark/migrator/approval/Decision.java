package dev.tidemark.migrator.approval;

import dev.tidemark.migrator.changeset.Content;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person decided about a change set.
 *
 * @param content the bytes it was decided about
 * @param kind approved, revoked or overridden
 * @param actor the person
 * @param role the database role that the person had logged in with
 * @param at when, by the server's clock
 * @param expiresAt until when an approval counts for apply; empty for other decisions
 * @param fresh whether that time has not come
 * @param reason in that person's words
 */
public record Decision(
    Content content,
    Kind kind,
    String actor,
    String role,
    Instant at,
    Optional<Instant> expiresAt,
    boolean fresh,
    Optional<String> reason) {

  /** What was decided. */
  public enum Kind {
    APPROVED,
    REVOKED,
    OVERRIDDEN
  }

  /** The same for every way to write one name: upper or lower case, more or less white space. */
  static String identity(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC)
        .strip()
        .replaceAll("\\s+", " ")
        .toLowerCase(Locale.ROOT);
  }

  String identity() {
    return identity(actor);
  }
}
