package dev.tidemark.pipeline.session;

import java.util.Arrays;
import java.util.OptionalInt;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.deploy.master.WorkerState;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What a standalone master says of its cluster, asked as its own web page asks it: Spark's clients
 * have no public way to learn it before they take cores.
 */
final class StandaloneMaster {
  private static final Logger LOG = LoggerFactory.getLogger(StandaloneMaster.class);
  private static final String LOOPBACK = "127.0.0.1";

  private StandaloneMaster() {}

  /** The cores of its living workers; empty if none of the masters answers. */
  static OptionalInt cores(SparkConf settings) {
    String masters = settings.get("spark.master").substring("spark://".length());
    SecurityManager security =
        new SecurityManager(
            settings, Option.empty(), SecurityManager.$lessinit$greater$default$3());
    String host = settings.get("spark.driver.host", LOOPBACK);
    RpcEnv connections = RpcEnv.create("tidemark-capacity", host, 0, settings, security, true);
    try {
      for (String master : masters.split(",")) {
        OptionalInt cores = ask(connections, "spark://" + master);
        if (cores.isPresent()) {
          return cores;
        }
      }
      return OptionalInt.empty();
    } finally {
      connections.shutdown();
      connections.awaitTermination();
    }
  }

  private static OptionalInt ask(RpcEnv connections, String master) {
    try {
      RpcEndpointRef endpoint =
          connections.setupEndpointRef(RpcAddress.fromSparkURL(master), "Master");
      ClassTag<DeployMessages.MasterStateResponse> kind =
          ClassTag$.MODULE$.apply(DeployMessages.MasterStateResponse.class);
      DeployMessages.MasterStateResponse state =
          endpoint.askSync(DeployMessages.RequestMasterState$.MODULE$, kind);
      int cores =
          Arrays.stream(state.workers())
              .filter(worker -> worker.state().equals(WorkerState.ALIVE()))
              .mapToInt(worker -> worker.cores())
              .sum();
      return cores == 0 ? OptionalInt.empty() : OptionalInt.of(cores);
    } catch (Exception e) { // Scala throws what it does not declare.
      LOG.warn("{} does not say how many cores it has: {}", master, e.getMessage());
      return OptionalInt.empty();
    }
  }
}
