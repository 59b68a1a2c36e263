/** {@code job rollup}: lands what waits and brings both rollups up to date. */
package dev.tidemark.jobs.rollup;
