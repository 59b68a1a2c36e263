package dev.tidemark.migrator.postgres;

/** The right to use a database until closed; the laptop's server stays up at least as long. */
public interface DatabaseLease extends AutoCloseable {
  /** The leased database. */
  Database database();

  /** Gives it back; a second time changes nothing. */
  @Override
  void close();
}
