package dev.tidemark.migrator.lint;

/** What a rule protects from. */
public enum Hazard {
  LOCKING("other sessions wait while a lock is held for long"),
  REWRITING("a table is written anew while nobody can read it"),
  DESTRUCTIVE("data or guarantees are lost"),
  DATA_DEPENDENT("whether and how fast it works depends on the rows it meets"),
  INCOMPATIBLE("programs that run already no longer work"),
  SECURITY("somebody may see or do more than before"),
  PRACTICE("it works, and is regretted later"),
  SCRIPT("the script fights the runner, or an exception in it is wrong");

  private final String meaning;

  Hazard(String meaning) {
    this.meaning = meaning;
  }

  /** In a few words. */
  public String meaning() {
    return meaning;
  }
}
