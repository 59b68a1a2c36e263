/** The same job on a cluster of one worker and of two. */
package dev.tidemark.benchmarks.scaleout;
