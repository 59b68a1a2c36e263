package dev.tidemark.migrator.operation;

import java.util.List;
import java.util.Optional;

/**
 * What an operation did.
 *
 * @param steps in the order in which they were taken; empty if there was nothing to do
 * @param version where the schema stands now; empty if no change set is applied
 */
public record OperationResult(List<Step> steps, Optional<String> version) {}
