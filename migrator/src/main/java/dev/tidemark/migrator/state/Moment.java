package dev.tidemark.migrator.state;

/**
 * A moment of the server's.
 *
 * @param walPosition where its WAL ended
 * @param time by its clock, with the offset
 */
public record Moment(String walPosition, String time) {}
