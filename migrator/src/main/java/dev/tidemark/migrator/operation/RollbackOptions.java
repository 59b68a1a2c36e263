package dev.tidemark.migrator.operation;

/** How far back to go. */
public sealed interface RollbackOptions {
  /** The version that stands for an empty schema. */
  String NOTHING = "0";

  /**
   * Back to this version, which stays.
   *
   * @param version of an applied change set, or {@link #NOTHING} to roll everything back
   */
  record To(String version) implements RollbackOptions {}

  /**
   * The youngest change sets.
   *
   * @param count how many; if fewer are applied, all of them
   */
  record Last(int count) implements RollbackOptions {}
}
