package dev.tidemark.migrator.governor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the governor is told before each decision.
 *
 * @param at time since the job began, by a clock that never goes back
 * @param last the chunk that was done since the decision before; empty if none was
 * @param readings what the signals show now
 */
public record Sample(Duration at, Optional<Chunk> last, List<Reading> readings) {}
