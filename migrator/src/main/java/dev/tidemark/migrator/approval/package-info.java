/** Who approved which bytes of a change set, and whether that is enough to execute it. */
package dev.tidemark.migrator.approval;
