package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.catalogue.View;
import java.util.stream.Stream;

/** No policy holds for a materialized view: who may read it reads all tenants. */
final class MaterializedViewGranted extends Rule {
  MaterializedViewGranted() {
    super("isolation.materialized-view");
  }

  @Override
  Stream<Finding> findings(Catalogue catalogue) {
    return catalogue.views().stream()
        .filter(view -> view.materialized() && isOfTenants(view))
        .flatMap(
            view ->
                view.grants().stream()
                    .filter(grant -> !Conventions.ACROSS_TENANTS.contains(grant.grantee()))
                    .map(
                        grant ->
                            finding(
                                view.name(),
                                "%s reads the rows of every organization"
                                    .formatted(grant.grantee()),
                                "grant a security-barrier view on it that asks for"
                                    + " current_organization_id()")));
  }

  private static boolean isOfTenants(View view) {
    return view.columns().stream().map(Column::name).anyMatch(Conventions.TENANT_COLUMN::equals);
  }
}
