package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue.Grant;
import dev.tidemark.migrator.catalogue.Table;
import java.util.Set;
import java.util.stream.Stream;

/** Nobody empties tables, deletes rows for good or hands rights on, and nothing is everybody's. */
final class GrantTooWide extends TableRule {
  private static final Set<String> NEVER = Set.of("TRUNCATE", "TRIGGER", "REFERENCES");

  GrantTooWide() {
    super("privilege.too-wide");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.grants().stream()
        .filter(GrantTooWide::isTooWide)
        .map(
            grant ->
                finding(
                    table.name(),
                    "%s has %s%s"
                        .formatted(
                            grant.grantee(),
                            grant.privilege(),
                            grant.grantable() ? " and may hand it on" : ""),
                    "REVOKE %s ON %s FROM %s"
                        .formatted(grant.privilege(), table.name(), grant.grantee())));
  }

  private static boolean isTooWide(Grant grant) {
    boolean deletes =
        grant.privilege().equals("DELETE") && !Conventions.ACROSS_TENANTS.contains(grant.grantee());
    return NEVER.contains(grant.privilege())
        || deletes
        || grant.grantable()
        || grant.grantee().equals("PUBLIC");
  }
}
