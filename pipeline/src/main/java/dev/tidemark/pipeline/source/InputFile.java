package dev.tidemark.pipeline.source;

import java.time.Instant;

/**
 * A file as it was when it was read.
 *
 * @param path fully qualified URI
 * @param bytes length as stored (compressed, if it is)
 * @param modifiedAt modification time, to the millisecond
 * @param checksum SHA-256 of the decompressed content in lower-case hexadecimal: the file's
 *     identity (EX-10)
 */
public record InputFile(String path, long bytes, Instant modifiedAt, String checksum) {}
