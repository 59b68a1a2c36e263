package dev.tidemark.migrator.trace;

import dev.tidemark.migrator.changeset.Script;
import java.util.List;

/**
 * What a script did, statement by statement.
 *
 * @param script the script
 * @param transactional whether its statements share one transaction
 * @param majorVersion of the server that it ran on, such as 18
 * @param before the catalogue before the script
 * @param statements in order
 */
public record Trace(
    Script script,
    boolean transactional,
    int majorVersion,
    Snapshot before,
    List<StatementTrace> statements) {

  /** The catalogue after the script. */
  public Snapshot after() {
    return statements.isEmpty() ? before : statements.get(statements.size() - 1).after();
  }

  /** The same, as if the script had begun at an earlier catalogue: less is old then. */
  public Trace since(Snapshot earlier) {
    return new Trace(script, transactional, majorVersion, earlier, statements);
  }

  /** Whether a relation was there before the script: it may have rows and users. */
  public boolean isOld(long relation) {
    return before.hasRelation(relation);
  }
}
