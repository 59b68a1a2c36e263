package dev.tidemark.pipeline.reconciliation;

import java.time.Instant;
import java.util.List;

/**
 * An hour that is held back from readers, and so is not what its landed events add up to.
 *
 * @param windowStart start of the hour, UTC
 * @param rules that hold it
 * @param landed requests that were landed
 * @param published requests that readers see
 */
public record HeldHour(Instant windowStart, List<String> rules, long landed, long published) {}
