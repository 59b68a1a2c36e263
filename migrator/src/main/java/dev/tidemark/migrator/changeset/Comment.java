package dev.tidemark.migrator.changeset;

/**
 * A comment of a script.
 *
 * @param text with the characters that begin and end it
 * @param line number of the line it begins on, from 1
 */
public record Comment(String text, int line) {}
