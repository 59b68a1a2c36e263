/** The door of the lake: events are judged, de-duplicated once, and landed exactly once. */
package dev.tidemark.pipeline.landing;
