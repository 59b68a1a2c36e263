package dev.tidemark.jobs.demo;

import dev.tidemark.migrator.console.Progress;

/** The stages of the story on standard error, each with the time it took. */
final class Stages {
  private final Progress progress;
  private long beganAt;

  Stages(Progress progress) {
    this.progress = progress;
  }

  /** What is being done now. */
  void begin(String what) {
    beganAt = System.nanoTime();
    progress.update(what + " …");
  }

  /** How far it is. */
  void update(String state) {
    progress.update(state);
  }

  /** What has been done. */
  void end(String what) {
    progress.finish("%5.1f s  %s".formatted((System.nanoTime() - beganAt) / 1e9, what));
  }
}
