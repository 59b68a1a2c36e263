package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.source.InputFile;
import java.util.List;

/**
 * What lies in a source's folder, seen against what was taken before.
 *
 * @param newFiles to be read now, each content once, by path
 * @param copies files whose content is taken already, by path
 * @param unsettled paths of files that changed while they were being looked at; a later run takes
 *     them
 * @param empty paths of new files without content; nothing is taken from them, so that one which is
 *     filled later is new then
 * @param unchanged how many files are just as they were when they were taken
 */
public record FileDiscovery(
    List<InputFile> newFiles,
    List<FileCopy> copies,
    List<String> unsettled,
    List<String> empty,
    int unchanged) {

  /** Keeps copies of the lists. */
  public FileDiscovery {
    newFiles = List.copyOf(newFiles);
    copies = List.copyOf(copies);
    unsettled = List.copyOf(unsettled);
    empty = List.copyOf(empty);
  }
}
