/** Lakes full of generated events, landed as the product lands them, and kept for the next time. */
package dev.tidemark.benchmarks.lakes;
