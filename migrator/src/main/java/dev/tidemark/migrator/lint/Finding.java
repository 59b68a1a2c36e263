package dev.tidemark.migrator.lint;

import java.util.Optional;

/**
 * Something that a rule found in a script.
 *
 * @param rule the rule's stable name
 * @param level how much it matters
 * @param file the script
 * @param line where the statement begins, from 1
 * @param statement its text on one line, shortened
 * @param table what it is about, as SQL has it; empty if it is not about one table
 * @param lock the lock that makes others wait, such as {@code ACCESS EXCLUSIVE}
 * @param message the hazard, and who waits
 * @param remedy the safe way to write it
 * @param sizedBy the table whose size decides how much it matters; empty if size does not
 */
public record Finding(
    String rule,
    Level level,
    String file,
    int line,
    String statement,
    Optional<String> table,
    Optional<String> lock,
    String message,
    String remedy,
    Optional<String> sizedBy) {

  /** The same, but with another level. */
  Finding with(Level newLevel) {
    return new Finding(
        rule, newLevel, file, line, statement, table, lock, message, remedy, sizedBy);
  }
}
