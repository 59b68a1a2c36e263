/** What a small incremental run costs beside one with nothing to do, as processes. */
package dev.tidemark.benchmarks.fixedcost;
