package dev.tidemark.migrator.lint;

/**
 * What a rule's check found, before it becomes a finding.
 *
 * @param number the statement, from 1
 * @param table identifier of the table that it is about; 0 for none
 * @param sizedBy identifier of the table whose size matters; mostly the same
 * @param message the hazard, a sentence without a full stop
 */
record Hit(int number, long table, long sizedBy, String message) {}
