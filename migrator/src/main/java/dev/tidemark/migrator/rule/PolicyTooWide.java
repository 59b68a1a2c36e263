package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Policy;
import java.util.Optional;
import java.util.stream.Stream;

/** A policy that lets everything through is for roles that work across tenants, and no others. */
final class PolicyTooWide extends TableRule {
  private static final Optional<String> EVERYTHING = Optional.of("true");

  PolicyTooWide() {
    super("isolation.policy-too-wide");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.policies().stream()
        .filter(policy -> Conventions.isTenantTable(table) && isTooWide(policy))
        .map(
            policy ->
                finding(
                    table.name(),
                    "The policy %s lets %s see or write every tenant's rows"
                        .formatted(policy.name(), String.join(", ", policy.roles())),
                    "compare organization_id with current_organization_id(), or name roles that"
                        + " work across tenants"));
  }

  private static boolean isTooWide(Policy policy) {
    boolean open = policy.visible().equals(EVERYTHING) || policy.writable().equals(EVERYTHING);
    return open && policy.permissive() && !Conventions.ACROSS_TENANTS.containsAll(policy.roles());
  }
}
