package dev.tidemark.migrator.operation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.OperationKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How work is done that takes the migrator's lock and executes no change sets: seeds, the care for
 * partitions, the rotation of keys.
 */
public interface Recording {
  /** Takes the lock and writes nothing down: for throw-away databases. */
  Recording NONE =
      new Recording() {
        @Override
        @SuppressWarnings("try")
        public <T> T perform(Database database, OperationKind kind, Supplier<T> work) {
          try (OperationLock lock = OperationLock.take(database)) {
            return work.get();
          }
        }
      };

  /** Takes the lock, and keeps journal, audit chain and artifacts as the configuration has it. */
  static Recording of(Config config) {
    MigratorSettings settings = MigratorSettings.of(config);
    Records records = Records.of(config, settings.placeholders());
    return new Recording() {
      @Override
      public <T> T perform(Database database, OperationKind kind, Supplier<T> work) {
        return Operation.perform(
            database,
            settings,
            OperationObserver.NONE,
            kind,
            records,
            Optional.empty(),
            operation -> {
              operation.begins(List.of());
              return work.get();
            });
      }
    };
  }

  /**
   * Does some work while holding the lock.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if another operation is at work, or
   *     whatever the work throws
   */
  <T> T perform(Database database, OperationKind kind, Supplier<T> work);
}
