package dev.tidemark.migrator.partition;

import java.util.List;

/**
 * What became of the partitions.
 *
 * @param dryRun whether the steps were only found out
 * @param steps in the order in which they were done; empty if there was nothing to do
 * @param expiredRuns how many runs of workflows were deleted, whose retention is over; a dry run
 *     does not look for them
 */
public record PartitionResult(boolean dryRun, List<PartitionStep> steps, long expiredRuns) {
  /** Whether something is left to do that a later run may be able to. */
  public boolean busy() {
    return steps.stream().anyMatch(step -> step.action() == PartitionStep.Action.BUSY);
  }
}
