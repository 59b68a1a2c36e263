package dev.tidemark.pipeline.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local storage under {@code faulty:} that fails at one commit of one Delta table: before it has
 * taken it, or after, so that the writer never hears of its success. Spark's Delta and Delta Kernel
 * both write through it.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("faulty:///");
  private static final Pattern COMMIT = Pattern.compile(".*/([^/]+)/_delta_log/\\d{20}\\.json");

  private static String table = "";
  private static boolean accepted;
  private static int left;

  /** Makes the storage known to a configuration. */
  public static void register(Configuration hadoop) {
    hadoop.setClass("fs.faulty.impl", FaultyFileSystem.class, RawLocalFileSystem.class);
    hadoop.set("fs.AbstractFileSystem.faulty.impl", Context.class.getName());
  }

  /**
   * Fails once.
   *
   * @param name of the table
   * @param number of its commit, from 1 on from now
   * @param written whether the commit is taken all the same
   */
  public static synchronized void failAt(String name, int number, boolean written) {
    table = name;
    left = number;
    accepted = written;
  }

  /** Whether the failure is still to come. */
  public static synchronized boolean isArmed() {
    return left > 0;
  }

  private static synchronized boolean fails(Path path) {
    Matcher commit = COMMIT.matcher(path.toString());
    return commit.matches() && commit.group(1).equals(table) && left > 0 && --left == 0;
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
  public boolean rename(Path from, Path to) throws IOException {
    if (!fails(to)) {
      return super.rename(from, to);
    }
    if (accepted) {
      super.rename(from, to);
    }
    throw new IOException("The storage does not answer");
  }

  /** The same as Hadoop's other interface has it. */
  public static final class Context extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public Context(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
      super(uri, new FaultyFileSystem(), hadoop, ROOT.getScheme(), false);
    }
  }
}
