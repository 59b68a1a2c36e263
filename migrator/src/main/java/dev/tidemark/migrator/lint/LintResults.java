package dev.tidemark.migrator.lint;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.digest.Sha256;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What lint found before, kept in the database under the checksum of what it looked at. */
final class LintResults {
  private static final String KEEP =
      "INSERT INTO tidemark.lint_results (checksum, change_set, findings, rewritten) VALUES (?, ?, ?::jsonb, ?)"
          + " ON CONFLICT (checksum) DO NOTHING";

  private final Connection connection;

  LintResults(Connection connection) {
    this.connection = connection;
  }

  /**
   * Checksums of scripts, each of its exact bytes, as comments can make exceptions, and of all that
   * came before it.
   *
   * @param changeSets all of them, in order
   * @return of each apply.sql and rollback.sql, by file
   */
  static Map<String, String> checksums(
      List<ChangeSet> changeSets, Map<String, String> placeholders) {
    Map<String, String> checksums = new LinkedHashMap<>();
    Sha256 digest = new Sha256();
    digest.add(String.valueOf(Rules.VERSION));
    new TreeMap<>(placeholders).forEach((name, value) -> digest.add(name + "=" + value));
    byte[] chain = digest.finish();
    for (ChangeSet changeSet : changeSets) {
      digest.add(chain);
      digest.add(changeSet.apply().text());
      changeSet.dataSteps().forEach(step -> digest.add(step.inOneGo().text()));
      digest.add(changeSet.transactional() + " " + changeSet.phase());
      chain = digest.finish();
      checksums.put(changeSet.apply().file(), HexFormat.of().formatHex(chain));
      digest.add(chain);
      digest.add(changeSet.rollback().text());
      checksums.put(changeSet.rollback().file(), HexFormat.of().formatHex(digest.finish()));
    }
    return checksums;
  }

  /** The result that is kept under a checksum. */
  Optional<LintResult> find(String file, String checksum) throws SQLException {
    if (!exists(checksum)) {
      return Optional.empty();
    }
    try (PreparedStatement query =
        connection.prepareStatement(SqlResource.read(LintResults.class, "kept.sql"))) {
      query.setString(1, checksum);
      List<Finding> findings = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          findings.add(
              new Finding(
                  rows.getString("rule"),
                  Level.valueOf(rows.getString("level")),
                  file,
                  rows.getInt("line"),
                  rows.getString("statement"),
                  Optional.ofNullable(rows.getString("about")),
                  Optional.ofNullable(rows.getString("lock")),
                  rows.getString("message"),
                  rows.getString("remedy"),
                  Optional.ofNullable(rows.getString("sized_by"))));
        }
      }
      return Optional.of(
          new LintResult(file, List.copyOf(findings), List.of(), rewritten(checksum)));
    }
  }

  private Set<String> rewritten(String checksum) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT unnest(rewritten) FROM tidemark.lint_results WHERE checksum = ?")) {
      query.setString(1, checksum);
      Set<String> names = new TreeSet<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      return Set.copyOf(names);
    }
  }

  private boolean exists(String checksum) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT FROM tidemark.lint_results WHERE checksum = ?")) {
      query.setString(1, checksum);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Keeps a result that was judged as if every table were big. */
  void keep(String checksum, LintResult result) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(KEEP)) {
      insert.setString(1, checksum);
      insert.setString(2, result.file().replaceFirst("/[^/]*$", ""));
      insert.setString(3, Json.write(result.findings().stream().map(LintResults::row).toList()));
      insert.setArray(4, connection.createArrayOf("text", result.rewritten().toArray()));
      insert.executeUpdate();
    }
  }

  private static Map<String, Object> row(Finding finding) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("rule", finding.rule());
    row.put("level", finding.level().name());
    row.put("line", finding.line());
    row.put("statement", finding.statement());
    row.put("about", finding.table().orElse(null));
    row.put("lock", finding.lock().orElse(null));
    row.put("message", finding.message());
    row.put("remedy", finding.remedy());
    row.put("sized_by", finding.sizedBy().orElse(null));
    return row;
  }
}
