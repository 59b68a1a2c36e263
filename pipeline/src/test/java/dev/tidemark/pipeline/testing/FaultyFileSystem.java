package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.lake.LocalFiles;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Local storage under {@code faulty:} where something happens at one commit of one Delta table: it
 * fails before it has taken it, or after, so that the writer never hears of its success; or another
 * writer is faster; or something happens while a log is read. Spark's Delta and Delta Kernel both
 * write through it.
 */
public final class FaultyFileSystem extends LocalFiles.Raw {
  /** What the writer of a failed commit hears. */
  public static final String NO_ANSWER = "The storage does not answer";

  private static final URI ROOT = URI.create("faulty:///");
  private static final Pattern COMMIT = Pattern.compile(".*/([^/]+)/_delta_log/\\d{20}\\.json");

  private static String table = "";
  private static int left;
  private static Fault fault;
  private static String readTable = "";
  private static Runnable atRead;

  /** A commit that storage has been asked for, and does when it is told to. */
  @FunctionalInterface
  public interface Commit {
    /** Takes the commit, if it is the first of its version. */
    boolean take() throws IOException;
  }

  /** What happens at a commit. */
  @FunctionalInterface
  public interface Fault {
    /** Takes the commit or does not; returns what the writer hears. */
    boolean at(Commit commit) throws IOException;
  }

  /** Makes the storage known to a configuration. */
  public static void register(Configuration hadoop) {
    hadoop.setClass("fs.faulty.impl", FaultyFileSystem.class, FileSystem.class);
    hadoop.set("fs.AbstractFileSystem.faulty.impl", Context.class.getName());
  }

  /**
   * Fails once.
   *
   * @param name of the table
   * @param number of its commit, from 1 on from now
   * @param written whether the commit is taken all the same
   */
  public static void failAt(String name, int number, boolean written) {
    at(
        name,
        number,
        commit -> {
          if (written) {
            commit.take();
          }
          throw new IOException(NO_ANSWER);
        });
  }

  /**
   * Does something once, in a thread of its own, just before a commit: the writer of the commit
   * finds another one faster. The other must write through the same path without {@code faulty:},
   * under which commits to a table wait for one another.
   */
  public static void before(String name, int number, Runnable action) {
    at(
        name,
        number,
        commit -> {
          CompletableFuture.runAsync(action).join();
          return commit.take();
        });
  }

  /**
   * Lets something happen once in place of a commit; null as the fault takes back what was said.
   */
  public static synchronized void at(String name, int number, Fault what) {
    table = name;
    left = number;
    fault = what;
  }

  /**
   * Does something once, in a thread of its own, when a commit of a table is read next: its reader
   * has listed the log already, and does not see what is committed meanwhile.
   */
  public static synchronized void whileReading(String name, Runnable action) {
    readTable = name;
    atRead = action;
  }

  /** Whether what was asked for is still to come. */
  public static synchronized boolean isArmed() {
    return left > 0 && fault != null || atRead != null;
  }

  private static synchronized Runnable dueAt(Path path) {
    Matcher commit = COMMIT.matcher(path.toString());
    if (atRead == null || !commit.matches() || !commit.group(1).equals(readTable)) {
      return () -> {};
    }
    Runnable due = atRead;
    atRead = null;
    return () -> CompletableFuture.runAsync(due).join();
  }

  private static synchronized Fault fault(Path path) {
    Matcher commit = COMMIT.matcher(path.toString());
    boolean now = commit.matches() && commit.group(1).equals(table) && left > 0 && --left == 0;
    return now ? fault : null;
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return ROOT.getScheme();
  }

  @Override
  public FSDataInputStream open(Path path, int bufferBytes) throws IOException {
    dueAt(path).run();
    return super.open(path, bufferBytes);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (!COMMIT.matcher(to.toString()).matches()) {
      return super.rename(from, to);
    }
    Fault due = fault(to);
    return due == null ? put(from, to) : due.at(() -> put(from, to));
  }

  /** Unlike a rename, this does not take the place of what another process has put there. */
  private boolean put(Path from, Path to) throws IOException {
    try {
      Files.createLink(pathToFile(to).toPath(), pathToFile(from).toPath());
    } catch (FileAlreadyExistsException e) {
      throw new org.apache.hadoop.fs.FileAlreadyExistsException(e.getMessage());
    }
    return delete(from, false);
  }

  /** The same as Hadoop's other interface has it. */
  public static final class Context extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public Context(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
      super(uri, new FaultyFileSystem(), hadoop, ROOT.getScheme(), false);
    }
  }
}
