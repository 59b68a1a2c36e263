/** Several clients at once, each of which does the same thing again and again, and their times. */
package dev.tidemark.benchmarks.load;
