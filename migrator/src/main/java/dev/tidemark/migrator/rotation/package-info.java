/**
 * Brings every encrypted value of the database under the primary key, and every address hash under
 * the present hash key, while services go on working.
 */
package dev.tidemark.migrator.rotation;
