/** What every job needs around it: Spark, the database, and failures told as the user's to mend. */
package dev.tidemark.jobs.session;
