/** What latency histograms cost and how true they are, also merged. */
package dev.tidemark.benchmarks.histogram;
