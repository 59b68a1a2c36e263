/** What tests of every module share: a Postgres to work on. */
package dev.tidemark.migrator.testing;
