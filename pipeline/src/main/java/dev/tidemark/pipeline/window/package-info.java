/**
 * Hours, days and months of UTC as arithmetic on microseconds since 1970-01-01T00:00Z, without a
 * time zone anywhere, and the times and ranges that users give.
 */
package dev.tidemark.pipeline.window;
