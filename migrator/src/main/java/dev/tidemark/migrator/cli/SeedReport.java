package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.console.TextTable;
import dev.tidemark.migrator.seed.SeedResult;
import dev.tidemark.migrator.seed.SeedResult.Credential;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What seeding added, and what to call with. */
record SeedReport(SeedResult result) implements Result {
  @Override
  public String text() {
    TextTable table = new TextTable("organization", "user", "API key, for development only");
    for (Credential credential : result.credentials()) {
      table.row(credential.organization(), credential.user(), credential.apiKey());
    }
    String rows =
        result.rows() == 0 ? "Everything was there." : "%,d rows added.".formatted(result.rows());
    return "%s\n\n%s %,d seeded organizations.".formatted(table, rows, result.organizations());
  }

  @Override
  public Object json() {
    List<Map<String, Object>> credentials =
        result.credentials().stream().map(SeedReport::json).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", result.rows());
    json.put("organizations", result.organizations());
    json.put("credentials", credentials);
    return json;
  }

  private static Map<String, Object> json(Credential credential) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("organization", credential.organization());
    json.put("user", credential.user());
    json.put("name", credential.name());
    json.put("api_key", credential.apiKey());
    return json;
  }
}
