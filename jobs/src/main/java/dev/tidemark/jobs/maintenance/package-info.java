/** {@code job maintain}: puts small files together and takes dead ones away. */
package dev.tidemark.jobs.maintenance;
