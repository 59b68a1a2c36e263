/** What all who speak SQL share: statements kept in resource files, and what an SQLSTATE means. */
package dev.tidemark.migrator.sql;
