/** {@code job check}: evaluates quality rules, and releases hours that they hold. */
package dev.tidemark.jobs.check;
