package dev.tidemark.migrator.seed;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.time.Instant;
import java.util.Optional;

/**
 * What is seeded, and whether it may be.
 *
 * @param allowed whether the database may get keys that everybody can compute
 * @param secret what the development keys are derived from
 * @param until where the sample usage ends; empty for the present hour
 */
public record SeedSettings(boolean allowed, String secret, Optional<Instant> until) {
  private static final String EMBEDDED = "embedded";

  /** Reads the section {@code seed}. The laptop's own database may always be seeded. */
  public static SeedSettings of(Config config) {
    boolean laptop = EMBEDDED.equals(Settings.text(config, "database.url"));
    return new SeedSettings(
        laptop || Settings.value(config, "seed.allowed", c -> c.getBoolean("seed.allowed")),
        Settings.text(config, "seed.secret"),
        Settings.value(
            config, "seed.until", c -> Settings.optionalText(c, "seed.until").map(Instant::parse)));
  }
}
