package dev.tidemark.pipeline.lake;

import dev.tidemark.migrator.changeset.ChangeSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the change sets of a lake stand, by those of the program and by its history.
 *
 * @param entries in the order of their versions
 * @param operations the whole history in order
 */
public record LakeSchema(List<Entry> entries, List<LakeOperation> operations) {

  /** Where a change set stands. */
  public enum State {
    APPLIED,
    PENDING,
    /** Begun to be applied, and not ended; the next attempt goes on. */
    APPLYING,
    /** Rolled back on purpose. */
    ROLLED_BACK,
    /** Begun to be rolled back, and not ended. */
    ROLLING_BACK,
    /** Applied with other statements than the program has. */
    EDITED,
    /** In the lake, and not known to the program. */
    UNKNOWN,
    /** Pending although a younger one is applied. */
    LATE;

    /** As people read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One change set.
   *
   * @param last what was done last about it; empty for nothing
   */
  public record Entry(long version, String description, State state, Optional<LakeOperation> last) {
    /** The name of its folder. */
    public String name() {
      return version + "_" + description;
    }
  }

  /** Judges a history. */
  static LakeSchema of(List<ChangeSet> known, List<LakeOperation> operations) {
    Map<Long, LakeOperation> last = new HashMap<>();
    operations.forEach(operation -> last.put(operation.version(), operation));
    Map<Long, ChangeSet> byVersion = new TreeMap<>();
    known.forEach(set -> byVersion.put(Long.parseLong(set.version()), set));
    TreeSet<Long> versions = new TreeSet<>(last.keySet());
    versions.addAll(byVersion.keySet());
    long newest =
        last.values().stream()
            .filter(operation -> state(operation) != State.ROLLED_BACK)
            .mapToLong(LakeOperation::version)
            .max()
            .orElse(0);
    List<Entry> entries = new ArrayList<>();
    for (long version : versions) {
      ChangeSet set = byVersion.get(version);
      Optional<LakeOperation> operation = Optional.ofNullable(last.get(version));
      State state = operation.map(LakeSchema::state).orElse(State.PENDING);
      if (set == null && state != State.ROLLED_BACK) {
        state = State.UNKNOWN;
      } else if (state == State.PENDING && version < newest) {
        state = State.LATE;
      } else if (state == State.APPLIED
          && !set.checksum().equals(operation.orElseThrow().checksum())) {
        state = State.EDITED;
      }
      String description = set == null ? operation.orElseThrow().description() : set.description();
      entries.add(new Entry(version, description, state, operation));
    }
    return new LakeSchema(List.copyOf(entries), List.copyOf(operations));
  }

  private static State state(LakeOperation last) {
    boolean done = last.outcome() == LakeOperation.Outcome.DONE;
    return last.kind() == LakeOperation.Kind.APPLY
        ? done ? State.APPLIED : State.APPLYING
        : done ? State.ROLLED_BACK : State.ROLLING_BACK;
  }

  /** Whether a change set is in a state. */
  boolean isIn(long version, State state) {
    return entries.stream().anyMatch(each -> each.version() == version && each.state() == state);
  }

  /** The first change set in one of these states. */
  Optional<Entry> first(State... states) {
    return entries.stream().filter(entry -> List.of(states).contains(entry.state())).findFirst();
  }

  /** All change sets in one of these states, in order. */
  List<Entry> all(State... states) {
    return entries.stream().filter(entry -> List.of(states).contains(entry.state())).toList();
  }

  /**
   * What is going on until a change set is done one way, over all interruptions: the number of the
   * row with which it began; empty if it is to begin.
   */
  Optional<LakeOperation> unfinished(long version, LakeOperation.Kind kind) {
    Optional<LakeOperation> begun = Optional.empty();
    for (LakeOperation operation : operations) {
      if (operation.version() == version) {
        if (operation.kind() != kind || operation.outcome() == LakeOperation.Outcome.DONE) {
          begun = Optional.empty();
        } else if (begun.isEmpty()) {
          begun = Optional.of(operation);
        }
      }
    }
    return begun;
  }
}
