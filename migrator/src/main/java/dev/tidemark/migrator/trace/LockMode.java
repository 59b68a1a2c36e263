package dev.tidemark.migrator.trace;

import java.util.Locale;

/** The modes of table locks, from the weakest to the strongest (Postgres manual, section 13.3). */
public enum LockMode {
  ACCESS_SHARE,
  ROW_SHARE,
  ROW_EXCLUSIVE,
  SHARE_UPDATE_EXCLUSIVE,
  SHARE,
  SHARE_ROW_EXCLUSIVE,
  EXCLUSIVE,
  ACCESS_EXCLUSIVE;

  /** From the word that {@code pg_locks} has, such as {@code AccessExclusiveLock}. */
  static LockMode of(String word) {
    return valueOf(
        word.replaceFirst("Lock$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toUpperCase(Locale.ROOT));
  }

  /** As SQL has it: {@code ACCESS EXCLUSIVE}. */
  public String words() {
    return name().replace('_', ' ');
  }

  /** Whether INSERT, UPDATE and DELETE of other sessions wait for it. */
  public boolean blocksWrites() {
    return compareTo(SHARE) >= 0;
  }

  /** Whether even SELECT of other sessions waits for it. */
  public boolean blocksReads() {
    return this == ACCESS_EXCLUSIVE;
  }

  /** Who waits, in words. */
  public String victims() {
    if (blocksReads()) {
      return "every read and write of it waits";
    }
    if (blocksWrites()) {
      return "every INSERT, UPDATE and DELETE of it waits, reads go on";
    }
    return "reads and writes go on";
  }
}
