package dev.tidemark.migrator.operation;

/** Is told what an operation is doing, in lines for people. */
public interface OperationObserver {
  /** Hears nothing. */
  OperationObserver NONE =
      new OperationObserver() {
        @Override
        public void progress(String line) {
          // Not wanted.
        }

        @Override
        public void notice(String line) {
          // Not wanted.
        }
      };

  /** What is being done; the next line supersedes it. */
  void progress(String line);

  /** What a person may want to act on: a lock that is not to be had, and who has it. */
  void notice(String line);
}
