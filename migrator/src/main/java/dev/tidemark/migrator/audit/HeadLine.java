package dev.tidemark.migrator.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is known of an entry outside of the database: its number and its hash. */
record HeadLine(long number, String hash) {
  private static final Pattern LINE = Pattern.compile("(\\d{1,18}) ([0-9a-f]{64})");

  static HeadLine of(AuditEntry entry) {
    return new HeadLine(entry.number(), entry.hash());
  }

  static Optional<HeadLine> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? Optional.of(new HeadLine(Long.parseLong(matcher.group(1)), matcher.group(2)))
        : Optional.empty();
  }

  boolean isOf(AuditEntry entry) {
    return number == entry.number() && hash.equals(entry.hash());
  }

  @Override
  public String toString() {
    return number + " " + hash;
  }
}
