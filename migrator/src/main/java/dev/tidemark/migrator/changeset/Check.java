package dev.tidemark.migrator.changeset;

/**
 * A question to the database with one value as answer.
 *
 * @param name what holds if the answer is the expected one, in words
 * @param query a statement that gives one row with one column
 * @param expect what the value has to be
 */
public record Check(String name, Statement query, Expectation expect) {}
