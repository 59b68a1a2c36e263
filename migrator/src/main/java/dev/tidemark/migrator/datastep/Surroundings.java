package dev.tidemark.migrator.datastep;

import java.time.Duration;
import java.util.Optional;

/** What a data step is told by, and tells, the operation that it is part of. */
public interface Surroundings {
  /** How far it is; the next line supersedes it. */
  void progress(String line);

  /** What a person may want to act on. */
  void notice(String line);

  /** Begins to look, from another connection, whether the working session waits for locks. */
  LockView lookAtLocks();

  /** What is seen of the working session until the view is closed. */
  interface LockView extends AutoCloseable {
    /** How long it was seen waiting. */
    Duration waited();

    /** The sessions it was last seen waiting for, in words. */
    Optional<String> blockers();

    @Override
    void close();
  }
}
