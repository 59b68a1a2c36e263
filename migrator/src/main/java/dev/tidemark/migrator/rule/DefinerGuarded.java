package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Routine;
import java.util.stream.Stream;

/** A function with its owner's rights looks things up where it means to, and is not everybody's. */
final class DefinerGuarded extends Rule {
  DefinerGuarded() {
    super("privilege.definer");
  }

  @Override
  Stream<Finding> findings(Catalogue catalogue) {
    return catalogue.routines().stream()
        .filter(Routine::securityDefiner)
        .flatMap(routine -> Stream.concat(searchPath(routine), everybody(routine)));
  }

  private Stream<Finding> searchPath(Routine routine) {
    return routine.settings().contains("search_path=") || routine.namesResolved()
        ? Stream.empty()
        : Stream.of(
            finding(
                routine.name(),
                "It runs with its owner's rights on whatever its caller's search_path names",
                "ALTER FUNCTION %s SET search_path = public, pg_temp".formatted(routine.name())));
  }

  private Stream<Finding> everybody(Routine routine) {
    return routine.grants().stream()
        .filter(grant -> grant.grantee().equals("PUBLIC"))
        .map(
            grant ->
                finding(
                    routine.name(),
                    "Everybody may run it with its owner's rights",
                    "REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC".formatted(routine.name())));
  }
}
