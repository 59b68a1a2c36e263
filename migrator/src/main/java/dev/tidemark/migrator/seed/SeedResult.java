package dev.tidemark.migrator.seed;

import java.util.List;

/**
 * What seeding came to.
 *
 * @param rows how many rows were added; 0 if all were there
 * @param organizations how many organizations were asked for, and are there now
 * @param credentials what to call with; of a load test's organizations the first and the last
 */
public record SeedResult(long rows, long organizations, List<Credential> credentials) {
  /**
   * A way in, for development.
   *
   * @param organization slug
   * @param user e-mail address of the person who owns the key, or name of the service account
   * @param name the key's name
   * @param apiKey the key itself
   */
  public record Credential(String organization, String user, String name, String apiKey) {}
}
