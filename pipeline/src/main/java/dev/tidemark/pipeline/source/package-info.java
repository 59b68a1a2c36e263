/** Where usage events come from, and the one shape in which every source hands them on. */
package dev.tidemark.pipeline.source;
