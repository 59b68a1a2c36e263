package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import java.nio.file.Path;

/** Lakes for tests. */
public final class TestLake {
  private TestLake() {}

  /** A lake with all change sets applied, in a folder that is empty or not there yet. */
  public static Lake create(Path folder) {
    Lake lake = new Lake(TestSpark.session(), folder.toString());
    new LakeChangeSets(lake).apply();
    return lake;
  }
}
