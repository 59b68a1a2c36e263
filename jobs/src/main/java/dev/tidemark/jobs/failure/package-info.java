/** Everything that a user of the job and SQL commands can cause, born in one factory. */
package dev.tidemark.jobs.failure;
