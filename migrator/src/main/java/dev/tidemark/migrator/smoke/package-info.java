/**
 * Proves on a throw-away database that every change set goes forward, back and forward again, and
 * measures how long a writer stands still meanwhile.
 */
package dev.tidemark.migrator.smoke;
