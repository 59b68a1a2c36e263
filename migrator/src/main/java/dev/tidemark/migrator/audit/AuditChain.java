package dev.tidemark.migrator.audit;

import dev.tidemark.migrator.audit.AuditVerdict.Finding;
import dev.tidemark.migrator.digest.Sha256;
import dev.tidemark.migrator.secrecy.AuditKey;
import dev.tidemark.migrator.secrecy.AuditKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges a chain. Each entry is signed over its number and the hash of the one before. */
final class AuditChain {
  private final AuditKeys keys;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Long, AuditEntry> byNumber = new HashMap<>();
  private String digest = digestOf(List.of());
  private Optional<AuditEntry> before = Optional.empty();
  private Optional<AuditEntry> accepted = Optional.empty();

  private AuditChain(AuditKeys keys) {
    this.keys = keys;
  }

  /**
   * What speaks against a chain.
   *
   * @param entries in the order of their numbers
   * @param head what is known of it outside of the database, the oldest first
   */
  static List<Finding> judge(List<AuditEntry> entries, List<HeadLine> head, AuditKeys keys) {
    AuditChain chain = new AuditChain(keys);
    entries.forEach(chain::judge);
    chain.judge(head);
    return chain.findings.stream().sorted(Comparator.comparingLong(Finding::entry)).toList();
  }

  /** A fingerprint of entries as they are, right or wrong. */
  static String digestOf(List<AuditEntry> entries) {
    String digest = AuditEntry.GENESIS;
    for (AuditEntry entry : entries) {
      digest = digestOf(digest, entry);
    }
    return digest;
  }

  private static String digestOf(String digest, AuditEntry next) {
    Sha256 sum = new Sha256();
    sum.add(digest);
    sum.add(next.signedBytes());
    sum.add(String.valueOf(next.hash()));
    return HexFormat.of().formatHex(sum.finish());
  }

  private void judge(AuditEntry entry) {
    long expected = before.map(AuditEntry::number).orElse(0L) + 1;
    if (entry.number() < expected) {
      found(entry.number(), "has a number that is not its own");
    } else if (entry.number() > expected) {
      found(
          expected,
          entry.number() == expected + 1
              ? "is missing"
              : "is missing, and so are those up to " + (entry.number() - 1));
    }
    Optional<AuditKey> key = keys.find(String.valueOf(entry.keyId()));
    if (key.isEmpty()) {
      found(entry.number(), "is signed with key " + entry.keyId() + ", which was not given");
    } else if (!entry.isSignedBy(key.get())) {
      found(entry.number(), "is not what was signed");
    } else {
      judgeGenuine(entry, expected);
    }
    digest = digestOf(digest, entry);
    byNumber.putIfAbsent(entry.number(), entry);
    before = Optional.of(entry);
  }

  private void judgeGenuine(AuditEntry entry, long expected) {
    String previous = before.map(AuditEntry::hash).orElse(AuditEntry.GENESIS);
    if (entry.number() == expected && !entry.previous().equals(previous)) {
      found(entry.number(), "follows another entry than the one before it");
    }
    if (entry.is(AuditEntry.ACCEPTED)) {
      if (digest.equals(entry.facts().payload())) {
        findings.replaceAll(finding -> new Finding(finding.entry(), finding.what(), true));
        accepted = Optional.of(entry);
      } else {
        found(entry.number(), "accepted other entries than those that stand before it now");
      }
    } else if (!mayFollow(entry)) {
      found(entry.number(), "begins key " + entry.keyId() + ", which the key before did not allow");
    }
  }

  private boolean mayFollow(AuditEntry entry) {
    return before.isEmpty()
        || entry.keyId().equals(before.get().keyId())
        || before.get().is(AuditEntry.KEY) && entry.keyId().equals(before.get().facts().payload());
  }

  private void judge(List<HeadLine> head) {
    long last = before.map(AuditEntry::number).orElse(0L);
    if (head.isEmpty() && last > 0) {
      found(last, "is the last, and no head tells whether there were others after it");
    }
    // What stands before an accepted entry is held by that entry's own digest.
    int from = 0;
    for (int i = 0; i < head.size(); i++) {
      HeadLine line = head.get(i);
      if (accepted.filter(entry -> line.isOf(entry)).isPresent()) {
        from = i;
      }
    }
    List<HeadLine> known = head.subList(from, head.size());
    long youngest = known.stream().mapToLong(HeadLine::number).max().orElse(0);
    if (youngest > last) {
      found(last + 1, "was cut off, and what came after it: the head knows entry " + youngest);
    }
    for (HeadLine line : known) {
      AuditEntry entry = byNumber.get(line.number());
      if (entry != null && !line.isOf(entry)) {
        found(line.number(), "is another than the one that the head knows");
      }
    }
  }

  private void found(long entry, String what) {
    Finding finding = new Finding(entry, what, false);
    if (!findings.contains(finding)) {
      findings.add(finding);
    }
  }
}
