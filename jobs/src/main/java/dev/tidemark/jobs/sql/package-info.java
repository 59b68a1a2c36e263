/** SQL over the lake's tables by their plain names: one-shot, and as a shell. */
package dev.tidemark.jobs.sql;
