package dev.tidemark.pipeline.quality;

/** Rules for tests of other packages. */
public final class TestRules {
  private TestRules() {}

  /** What a rules file would say. */
  public static QualityRules of(String hocon) {
    return RulesFile.parse("test", hocon);
  }
}
