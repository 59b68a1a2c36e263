package dev.tidemark.migrator.state;

/**
 * A statement that the journal knows to have begun.
 *
 * @param id its entry in the journal
 * @param walPosition where the server's WAL ended when it began
 */
public record OpenStatement(long id, String walPosition) {}
