package dev.tidemark.migrator.seed;

/** Is told how far seeding is, in lines for people. */
@FunctionalInterface
public interface SeedObserver {
  /** What is being done; the next line supersedes it. */
  void progress(String line);
}
