package dev.tidemark.pipeline.lake;

import static dev.tidemark.pipeline.lake.LakeOperation.Kind.APPLY;
import static dev.tidemark.pipeline.lake.LakeOperation.Kind.ROLLBACK;
import static dev.tidemark.pipeline.lake.LakeOperation.Outcome.BEGUN;
import static dev.tidemark.pipeline.lake.LakeOperation.Outcome.DONE;
import static dev.tidemark.pipeline.lake.LakeOperation.Outcome.FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LakeSchemaTest {
  private static final List<ChangeSet> KNOWN =
      ChangeSets.readResources(LakeSchemaTest.class.getClassLoader(), "db/analytics").subList(0, 2);

  private final List<LakeOperation> operations = new ArrayList<>();

  @Test
  void theLastOperationDecides() {
    assertThat(states()).containsExactly("pending", "pending");
    add(0, APPLY, BEGUN);
    assertThat(states()).containsExactly("applying", "pending");
    add(0, APPLY, FAILED);
    assertThat(states()).containsExactly("applying", "pending");
    add(0, APPLY, DONE);
    assertThat(states()).containsExactly("applied", "pending");
    add(0, ROLLBACK, BEGUN);
    assertThat(states()).containsExactly("rolling_back", "pending");
    add(0, ROLLBACK, DONE);
    assertThat(states()).containsExactly("rolled_back", "pending");
    add(0, APPLY, DONE);
    assertThat(states()).containsExactly("applied", "pending");
  }

  @Test
  void anEditedALateAndAnUnknownChangeSetAreTold() {
    add(KNOWN.get(1), "another", APPLY, DONE);
    assertThat(states()).containsExactly("late", "edited");

    operations.clear();
    operations.add(operation(209901010000L, "x", "new", APPLY, DONE));
    assertThat(states()).containsExactly("late", "late", "unknown");
    operations.add(operation(209901010000L, "x", "new", ROLLBACK, DONE));
    assertThat(states()).containsExactly("pending", "pending", "rolled_back");
  }

  /** Edited between two attempts: that is how a statement that failed is mended. */
  @Test
  void whatIsNotAppliedYetMayBeEdited() {
    add(KNOWN.get(0), "another", APPLY, FAILED);

    assertThat(states()).containsExactly("applying", "pending");
  }

  @Test
  void anAttemptBeginsAtTheFirstRowAfterTheLastThatWasDone() {
    long version = Long.parseLong(KNOWN.get(0).version());
    assertThat(schema().unfinished(version, APPLY)).isEmpty();
    add(0, APPLY, BEGUN);
    add(0, APPLY, FAILED);
    add(0, APPLY, BEGUN);
    assertThat(schema().unfinished(version, APPLY).map(LakeOperation::sequence)).contains(1L);
    add(0, APPLY, DONE);
    assertThat(schema().unfinished(version, APPLY)).isEmpty();
    add(0, ROLLBACK, BEGUN);
    assertThat(schema().unfinished(version, APPLY)).isEmpty();
    assertThat(schema().unfinished(version, ROLLBACK).map(LakeOperation::sequence)).contains(5L);
  }

  private LakeSchema schema() {
    return LakeSchema.of(KNOWN, operations);
  }

  private List<String> states() {
    return schema().entries().stream().map(entry -> entry.state().word()).toList();
  }

  private void add(int known, LakeOperation.Kind kind, LakeOperation.Outcome outcome) {
    add(KNOWN.get(known), KNOWN.get(known).checksum(), kind, outcome);
  }

  private void add(
      ChangeSet set, String checksum, LakeOperation.Kind kind, LakeOperation.Outcome outcome) {
    operations.add(
        operation(Long.parseLong(set.version()), checksum, set.description(), kind, outcome));
  }

  private LakeOperation operation(
      long version,
      String checksum,
      String description,
      LakeOperation.Kind kind,
      LakeOperation.Outcome outcome) {
    return new LakeOperation(
        operations.size() + 1,
        "row",
        kind,
        version,
        description,
        checksum,
        outcome,
        "somebody",
        "host",
        1,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
