package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.health.HealthReport;
import dev.tidemark.migrator.health.HealthText;
import dev.tidemark.migrator.operation.StatusResult;
import java.util.stream.Collectors;

/** How a database is. */
record HealthShown(HealthReport report) implements Result {
  @Override
  public String text() {
    String ready = report.notReady().map(reason -> "Not ready: " + reason).orElse("Ready");
    if (report.unreachable().isPresent()) {
      return ready + ".";
    }
    return "%s. The schema is at %s, last changed %s; %d pending, %d failed, %d not as this program knows them.\n%s"
        .formatted(
            ready,
            report.status().flatMap(StatusResult::version).orElse("no version"),
            report.lastMigrationAt().map(Object::toString).orElse("never"),
            report.pending(),
            report.failed().size(),
            report.different().size(),
            drift());
  }

  private String drift() {
    if (report.drift().unknown().isPresent()) {
      return "Drift is not known: " + report.drift().unknown().get() + ".";
    }
    return report.drift().differences().isEmpty()
        ? "It is what its change sets make."
        : report.drift().differences().stream()
            .collect(Collectors.joining("\n  ", "It has drifted:\n  ", ""));
  }

  @Override
  public Object json() {
    return HealthText.json(report);
  }
}
