package dev.tidemark.migrator.audit;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.state.OperationOutcome;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What is written into the chain about one operation. */
public interface AuditRecord {
  /** Writes nothing: for throw-away databases. */
  AuditRecord NONE =
      new AuditRecord() {
        @Override
        public void begun(List<ChangeSet> changeSets) {
          // Not wanted.
        }

        @Override
        public void ended(OperationOutcome outcome, Optional<String> message) {
          // Not wanted.
        }
      };

  /**
   * It is about to change something.
   *
   * @param changeSets what it is going to execute, in order
   * @throws dev.tidemark.migrator.failure.MigratorException if the head cannot be written
   */
  void begun(List<ChangeSet> changeSets) throws SQLException;

  /** It is over. */
  void ended(OperationOutcome outcome, Optional<String> message) throws SQLException;
}
