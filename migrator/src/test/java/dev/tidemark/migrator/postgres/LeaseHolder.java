package dev.tidemark.migrator.postgres;

import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;

/** A process of its own that leases the database until its standard input ends. */
final class LeaseHolder {
  private LeaseHolder() {}

  public static void main(String[] arguments) throws IOException {
    String hocon = String.join("\n", arguments);
    try (DatabaseLease lease = Databases.open(Settings.parse(hocon))) {
      System.out.println(lease.database().address());
      while (System.in.read() >= 0) {
        // Waits for the end of the input.
      }
    }
  }
}
