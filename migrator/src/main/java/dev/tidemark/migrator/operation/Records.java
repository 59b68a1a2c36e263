package dev.tidemark.migrator.operation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.artifact.Artifacts;
import dev.tidemark.migrator.audit.AuditTrail;
import java.util.Map;
import java.util.Optional;

/**
 * What an operation leaves behind beside its journal.
 *
 * @param trail keeps the audit chain; empty for throw-away databases
 * @param artifacts keeps schema, plan and journal
 */
record Records(Optional<AuditTrail> trail, Artifacts artifacts) {
  static final Records NONE = new Records(Optional.empty(), Artifacts.NONE);

  static Records of(Config config, Map<String, String> placeholders) {
    return new Records(Optional.of(AuditTrail.of(config)), Artifacts.of(config, placeholders));
  }

  /** The same without a trail, for what writes into the chain by itself. */
  Records withoutTrail() {
    return new Records(Optional.empty(), artifacts);
  }
}
