package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import java.util.List;

/**
 * What an operation would do.
 *
 * @param applied the change sets that are applied now, in order of their versions
 * @param steps those that it would apply or roll back, in the order in which it would
 */
public record Plan(List<ChangeSet> applied, List<ChangeSet> steps) {}
