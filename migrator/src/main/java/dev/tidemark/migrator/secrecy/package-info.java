/**
 * Sensitive values: e-mail addresses as keyed hashes for look-up, secrets and addresses encrypted
 * for use, and the keys for both. Knows no database.
 */
package dev.tidemark.migrator.secrecy;
