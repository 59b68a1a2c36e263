package dev.tidemark.migrator.artifact;

import java.io.IOException;
import java.util.Map;

/** Where artifacts go. An object store is another implementation. */
interface ArtifactStore {
  /**
   * Keeps the files of one operation under a name, and may forget the oldest ones.
   *
   * @param name sorts by time
   * @param files their contents by their names
   */
  void keep(String name, Map<String, String> files) throws IOException;
}
