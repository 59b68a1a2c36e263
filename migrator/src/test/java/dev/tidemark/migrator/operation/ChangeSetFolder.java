package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder of small change sets for a test. */
record ChangeSetFolder(Path path) {
  ChangeSetFolder with(String name, String apply, String rollback) {
    return with(name, true, apply, rollback, "SELECT true");
  }

  ChangeSetFolder with(
      String name, boolean transactional, String apply, String rollback, String verify) {
    try {
      Path folder = Files.createDirectories(path.resolve(name));
      Files.writeString(folder.resolve("apply.sql"), apply);
      Files.writeString(folder.resolve("rollback.sql"), rollback);
      Files.writeString(folder.resolve("verify.sql"), verify);
      Files.writeString(
          folder.resolve("changeset.conf"),
          "title=t, author=a, risk=low, risk-assessment=none, touches=[], phase=expand,"
              + " transactional="
              + transactional);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<ChangeSet> read() {
    return ChangeSets.read(path);
  }
}
