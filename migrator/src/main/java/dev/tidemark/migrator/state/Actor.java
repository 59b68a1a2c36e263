package dev.tidemark.migrator.state;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Who is behind an operation.
 *
 * @param name the person or machine
 * @param host the machine that the migrator runs on
 * @param process the migrator's process number there
 */
public record Actor(String name, String host, long process) {
  /** Somebody at this process. */
  public static Actor here(String name) {
    return new Actor(name, hostName(), ProcessHandle.current().pid());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
