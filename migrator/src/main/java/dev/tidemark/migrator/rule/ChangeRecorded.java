package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import java.util.stream.Stream;

/** A version that nobody counts up is none. */
final class ChangeRecorded extends TableRule {
  ChangeRecorded() {
    super("columns.change-recorded");
  }

  @Override
  Stream<Finding> findings(Table table) {
    boolean counts = table.column("version").isPresent() && table.column("updated_at").isPresent();
    boolean recorded =
        table.triggers().stream()
            .anyMatch(
                t ->
                    t.function().name().equals("record_change") && !t.enabled().equals("disabled"));
    if (!counts || recorded) {
      return Stream.empty();
    }
    return Stream.of(
        finding(
            table.name(),
            "No trigger keeps updated_at and version",
            "CREATE TRIGGER record_change BEFORE UPDATE … EXECUTE FUNCTION record_change()"));
  }
}
