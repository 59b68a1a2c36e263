package dev.tidemark.migrator.changeset;

import dev.tidemark.migrator.digest.Sha256;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A change of many rows in small batches, after a change set's apply.sql.
 *
 * @param name small letters, digits, underscores; unique within the change set
 * @param table the table that it walks, quoted where it has to be
 * @param key the column that it walks by: indexed, never null
 * @param batch how many keys the first batch has
 * @param script one statement that changes the rows with keys from <code>${from}</code> to <code>
 *     ${to}</code>, both included
 * @param remaining one query that counts what is left to do, and gives 0 in the end; may be left
 *     out
 */
public record DataStep(
    String name, String table, String key, long batch, Script script, Optional<Script> remaining) {
  /** The smallest key of a batch, in a script. */
  public static final String FROM = "from";

  /** The greatest key of a batch, in a script. */
  public static final String TO = "to";

  /**
   * SHA-256 of all that says what it does, in lower-case hexadecimal: it changes if another step of
   * this name would go on with what this one began.
   */
  public String checksum() {
    Sha256 digest = new Sha256();
    List.of(name, table, key, script.checksum()).forEach(digest::add);
    return HexFormat.of().formatHex(digest.finish());
  }

  /** A script that does at once what the batches do one by one, for throw-away databases. */
  public Script inOneGo() {
    return Script.of(
        script.file(),
        script.text().replace("${" + FROM + "}", end("ASC")).replace("${" + TO + "}", end("DESC")));
  }

  private String end(String order) {
    return "(SELECT %1$s FROM %2$s ORDER BY %1$s %3$s LIMIT 1)"
        .formatted(quotedKey(), table, order);
  }

  private String quotedKey() {
    return '"' + key.replace("\"", "\"\"") + '"';
  }
}
