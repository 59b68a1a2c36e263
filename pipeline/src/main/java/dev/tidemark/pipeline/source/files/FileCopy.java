package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.source.InputFile;

/**
 * A file whose content is taken already: renamed, recompressed, touched, or delivered twice.
 *
 * @param file the copy, which is not read
 * @param original path of the file with the same content that was or is being taken
 */
public record FileCopy(InputFile file, String original) {}
