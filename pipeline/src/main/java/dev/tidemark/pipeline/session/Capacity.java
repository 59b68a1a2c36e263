package dev.tidemark.pipeline.session;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * How many cores a run may use: a share of those that are provisioned, rounded down, and at least
 * one.
 *
 * @param share of a cluster's cores, above 0 and at most 1
 * @param localShare of this machine's cores, where Spark runs in one process
 * @param cores that the cluster has; empty: a standalone master is asked, others are not known
 */
record Capacity(double share, double localShare, OptionalInt cores) {
  /** Under these names a session tells how many cores there are, and how many it may use. */
  static final String PROVISIONED = "spark.tidemark.cores.provisioned";

  static final String ALLOWED = "spark.tidemark.cores.allowed";

  private static final String CORES_MAX = "spark.cores.max";
  private static final String EXECUTORS = "spark.executor.instances";
  private static final String MOST_EXECUTORS = "spark.dynamicAllocation.maxExecutors";

  /** Masters that are this process; {@code local} alone is one core, a star all of them. */
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(,\\s*\\d+)?])?");

  /** That of the section {@code capacity}. */
  static Capacity from(Config config) {
    return new Capacity(
        share(config, "capacity.share"),
        share(config, "capacity.local-share"),
        config.hasPath("capacity.cores")
            ? OptionalInt.of((int) Settings.number(config, "capacity.cores", 1, 1_000_000))
            : OptionalInt.empty());
  }

  private static double share(Config config, String key) {
    return Settings.value(
        config,
        key,
        c -> {
          double share = c.getDouble(key);
          if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("it is above 0 and at most 1");
          }
          return share;
        });
  }

  /**
   * Keeps a session to the share. What was asked for stays where it is less.
   *
   * @param machineCores cores of this machine
   * @param askMaster the cores that a standalone master has; empty where it does not say
   */
  void limit(SparkConf settings, int machineCores, Function<SparkConf, OptionalInt> askMaster) {
    String master = settings.get("spark.master");
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      limitLocal(settings, local, machineCores);
    } else if (master.startsWith("spark://")) {
      OptionalInt provisioned = cores.isPresent() ? cores : askMaster.apply(settings);
      provisioned.ifPresent(
          all -> tell(settings, all, lower(settings, CORES_MAX, allowed(share, all))));
    } else if (!master.startsWith("local")) {
      cores.ifPresent(all -> limitExecutors(settings, all));
    }
  }

  private void limitLocal(SparkConf settings, Matcher master, int machineCores) {
    String asked = master.group(1);
    int wanted =
        asked == null ? 1 : "*".equals(asked) ? machineCores : Math.max(1, Integer.parseInt(asked));
    int used = localShare < 1 ? Math.min(wanted, allowed(localShare, machineCores)) : wanted;
    if (used < wanted) {
      String failures = master.group(2) == null ? "" : master.group(2);
      settings.set("spark.master", "local[" + used + failures + "]");
    }
    tell(settings, machineCores, used);
  }

  /** YARN and Kubernetes count executors, all of one size. */
  private void limitExecutors(SparkConf settings, int provisioned) {
    int size = settings.getInt("spark.executor.cores", 1);
    int most = Math.max(1, allowed(share, provisioned) / size);
    boolean dynamic = settings.getBoolean("spark.dynamicAllocation.enabled", false);
    int executors =
        dynamic
            ? lower(settings, MOST_EXECUTORS, most)
            : lower(settings, EXECUTORS, Math.min(most, settings.getInt(EXECUTORS, 2)));
    if (dynamic) {
      for (String start : new String[] {"minExecutors", "initialExecutors"}) {
        String name = "spark.dynamicAllocation." + start;
        if (settings.contains(name)) {
          lower(settings, name, executors);
        }
      }
    }
    tell(settings, provisioned, executors * size);
  }

  private static int lower(SparkConf settings, String name, int most) {
    int value = Math.min(most, settings.getInt(name, most));
    settings.set(name, String.valueOf(value));
    return value;
  }

  private static void tell(SparkConf settings, int provisioned, int allowed) {
    settings.set(PROVISIONED, String.valueOf(provisioned));
    settings.set(ALLOWED, String.valueOf(allowed));
  }

  private static int allowed(double share, int cores) {
    return Math.max(1, (int) Math.floor(share * cores));
  }
}
