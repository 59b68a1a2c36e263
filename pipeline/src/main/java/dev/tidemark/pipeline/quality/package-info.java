/**
 * Rules that data must keep to: read from {@code conf/quality.conf}, evaluated at the door and on
 * hours before they are published.
 */
package dev.tidemark.pipeline.quality;
