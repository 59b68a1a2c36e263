package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lakes for tests. */
public final class TestLake {
  private TestLake() {}

  /** A lake with all change sets applied, in a folder. */
  public static Lake create(Path folder) {
    Lake lake = new Lake(TestSpark.session(), folder.toString());
    for (String set : List.of("202511160900_usage_events", "202511160910_usage_rollups")) {
      try {
        String sql =
            Files.readString(Path.of("../db/analytics", set, "apply.sql"))
                .replaceAll("(?m)^--.*\\R", "")
                .replace("${lake}", folder.toString())
                .replace("${identity-key}", "000102030405060708090a0b0c0d0e0f");
        for (String statement : sql.split(";\\s*\\n")) {
          if (!statement.isBlank()) {
            lake.spark().sql(statement);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lake;
  }
}
