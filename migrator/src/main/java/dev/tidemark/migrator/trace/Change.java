package dev.tidemark.migrator.trace;

/**
 * An object that a statement changed.
 *
 * @param before as it was
 * @param after as it is now
 */
public record Change(CatalogueObject before, CatalogueObject after) {
  /** Whether an attribute differs. */
  public boolean of(String attribute) {
    return !before.attribute(attribute).equals(after.attribute(attribute));
  }

  /** Whether an attribute that was not true is true now. */
  public boolean becomes(String attribute) {
    return !before.is(attribute) && after.is(attribute);
  }

  /** Whether an attribute that was true is true no longer. */
  public boolean ceases(String attribute) {
    return before.is(attribute) && !after.is(attribute);
  }
}
