package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.View;
import java.util.stream.Stream;

/** A view shows what its reader may see, not what its owner may. */
final class ViewWithOwnersRights extends Rule {
  ViewWithOwnersRights() {
    super("isolation.view-rights");
  }

  @Override
  Stream<Finding> findings(Catalogue catalogue) {
    return catalogue.views().stream()
        .filter(view -> !view.materialized() && !isSafe(view))
        .map(
            view ->
                finding(
                    view.name(),
                    "The view reads with its owner's rights",
                    "CREATE VIEW … WITH (security_invoker = true); or security_barrier and a"
                        + " condition on current_organization_id()"));
  }

  private static boolean isSafe(View view) {
    boolean filtered = view.definition().contains("current_organization_id()");
    return view.securityInvoker() || view.securityBarrier() && filtered;
  }
}
