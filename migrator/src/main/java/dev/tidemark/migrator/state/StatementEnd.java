package dev.tidemark.migrator.state;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of a statement.
 *
 * @param statement the statement
 * @param done whether it succeeded
 * @param rows rows that it inserted, updated or deleted; empty if it counts none
 * @param attempts how many attempts it took to get its locks
 * @param lockWait how long it was seen waiting for locks, all attempts together
 * @param duration how long it took, waiting included
 * @param sqlState what Postgres refused it with
 * @param message what Postgres said
 * @param moment when that was, on the server; empty: when it is written
 */
public record StatementEnd(
    OpenStatement statement,
    boolean done,
    Optional<Long> rows,
    int attempts,
    Duration lockWait,
    Duration duration,
    Optional<String> sqlState,
    Optional<String> message,
    Optional<Moment> moment) {}
