package dev.tidemark.migrator.approval;

import dev.tidemark.migrator.changeset.ChangeSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a change set is approved.
 *
 * @param valid the approvals that count, one a person
 * @param lacking what is missing, in words; empty if nothing is
 * @param notes approvals that do not count, and why
 * @param override the last time that it was executed without approval
 */
public record ApprovalState(
    List<Decision> valid, List<String> lacking, List<String> notes, Optional<Decision> override) {
  /** As many people must approve. */
  public static final int WANTED = 2;

  /** Whether nothing is missing. */
  public boolean approved() {
    return lacking.isEmpty();
  }

  /**
   * Judges decisions.
   *
   * @param authorKnown whether the author is one of the people around, who must approve too
   * @param expires whether approvals count for a time only
   * @param decisions about this change set, the oldest first
   */
  static ApprovalState of(
      ChangeSet changeSet,
      boolean authorKnown,
      boolean expires,
      ApprovalSettings settings,
      List<Decision> decisions) {
    Map<String, Decision> latest = new LinkedHashMap<>();
    Map<String, Decision> ofOtherBytes = new LinkedHashMap<>();
    Optional<Decision> override = Optional.empty();
    for (Decision decision : decisions) {
      if (decision.kind() == Decision.Kind.OVERRIDDEN) {
        override = Optional.of(decision);
      } else if (decision.content().equals(changeSet.content())) {
        latest.put(decision.identity(), decision);
      } else {
        ofOtherBytes.put(decision.identity(), decision);
      }
    }
    List<Decision> valid = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Decision decision : latest.values()) {
      if (decision.kind() == Decision.Kind.REVOKED) {
        notes.add(decision.actor() + " has revoked the approval");
      } else if (expires && !decision.fresh()) {
        notes.add(
            "the approval by %s has expired at %s"
                .formatted(decision.actor(), decision.expiresAt().orElseThrow()));
      } else if (!settings.mayApprove(decision.identity())) {
        notes.add(decision.actor() + " is not one of migrate.approvals.people");
      } else {
        valid.add(decision);
      }
    }
    for (Decision decision : ofOtherBytes.values()) {
      if (decision.kind() == Decision.Kind.APPROVED && !latest.containsKey(decision.identity())) {
        notes.add(
            "%s has approved other bytes at %s; since then %s"
                .formatted(
                    decision.actor(),
                    decision.at(),
                    String.join(", ", changeSet.content().changesSince(decision.content()))));
      }
    }
    return new ApprovalState(
        List.copyOf(valid),
        lacking(changeSet, authorKnown, settings, valid),
        List.copyOf(notes),
        override);
  }

  private static List<String> lacking(
      ChangeSet changeSet, boolean authorKnown, ApprovalSettings settings, List<Decision> valid) {
    String author = Decision.identity(changeSet.author());
    List<String> lacking = new ArrayList<>();
    if (authorKnown && valid.stream().noneMatch(by -> by.identity().equals(author))) {
      lacking.add("an approval by its author, " + changeSet.author());
    }
    long others =
        valid.stream().filter(by -> !authorKnown || !by.identity().equals(author)).count();
    long wanted = authorKnown ? WANTED - 1 : WANTED;
    if (others < wanted) {
      lacking.add(
          authorKnown
              ? "an approval by another person than its author"
              : "approvals by " + WANTED + " different people");
    }
    if (lacking.isEmpty()
        && settings.distinctRoles()
        && valid.stream().map(Decision::role).distinct().count() < WANTED) {
      lacking.add("an approval by somebody who logs in with another database role");
    }
    return List.copyOf(lacking);
  }
}
