package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.state.Resolution;
import java.util.List;
import java.util.Map;

/**
 * What is seen of a change set that is not as it should be.
 *
 * @param entry where it stands, with what is wrong
 * @param lacking what of its verify.sql does not hold, in words; empty if all of it does
 * @param choices what can be said about it, and what that means
 */
public record Guidance(Entry entry, List<String> lacking, Map<Resolution, String> choices) {}
