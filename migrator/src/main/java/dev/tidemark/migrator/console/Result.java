package dev.tidemark.migrator.console;

/** What a command has to say in the end: for people, and for programs. */
public interface Result {
  /** For people: lines of at most 120 characters, without a line end after the last. */
  String text();

  /** For programs: what {@link Json#write} takes, its keys in snake_case. */
  Object json();
}
