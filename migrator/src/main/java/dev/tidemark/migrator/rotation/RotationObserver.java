package dev.tidemark.migrator.rotation;

/** Is told how far a rotation is, in lines for people. */
@FunctionalInterface
public interface RotationObserver {
  /** What is being done; the next line supersedes it. */
  void progress(String line);
}
