package dev.tidemark.migrator.artifact;

import com.typesafe.config.Config;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.migrator.state.OperationKind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what an operation leaves behind: {@code schema.json}, the catalogue after it; {@code
 * plan.json}, the change sets and their statements; {@code journal.jsonl}, what became of each
 * statement. None of it holds passwords or the values of placeholders.
 */
public final class Artifacts {
  /** Keeps nothing: for throw-away databases. */
  public static final Artifacts NONE = new Artifacts(Optional.empty(), new Mask(Map.of()));

  private static final Logger LOG = LoggerFactory.getLogger(Artifacts.class);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MOST = 100_000;

  private final Optional<ArtifactStore> store;
  private final Mask mask;

  private Artifacts(Optional<ArtifactStore> store, Mask mask) {
    this.store = store;
    this.mask = mask;
  }

  /**
   * Artifacts as the configuration has them.
   *
   * @param placeholders the values that scripts are filled in with
   */
  public static Artifacts of(Config config, Map<String, String> placeholders) {
    int most = (int) Settings.number(config, "migrate.artifacts.keep", 0, MOST);
    Path folder =
        Settings.optionalText(config, "migrate.artifacts.path")
            .map(Path::of)
            .orElseGet(() -> Path.of(Settings.text(config, "home"), "artifacts"));
    return new Artifacts(
        most == 0 ? Optional.empty() : Optional.of(new FolderStore(folder, most)),
        new Mask(placeholders));
  }

  /**
   * Keeps the artifacts of an operation that is over. Whatever happens to them, the operation is
   * what it was.
   *
   * @param connection can read the migrator's tables
   * @param planned what was to be executed
   * @param notice is told if they could not be kept
   */
  public void keep(
      Database database,
      Connection connection,
      UUID operation,
      OperationKind kind,
      List<ChangeSet> planned,
      Consumer<String> notice) {
    if (store.isEmpty()) {
      return;
    }
    String word = kind.name().toLowerCase(Locale.ROOT);
    String name = NAME.format(Instant.now()) + "-" + word + "-" + operation;
    try {
      Map<String, String> files = new LinkedHashMap<>();
      files.put("plan.json", Json.write(plan(operation, kind, planned)) + "\n");
      files.put("journal.jsonl", journal(connection, operation));
      files.put(
          "schema.json",
          Json.write(JsonTree.of(CatalogueReader.read(database), mask::hide)) + "\n");
      store.get().keep(name, files);
    } catch (IOException | SQLException | RuntimeException e) {
      LOG.debug("Artifacts {}", name, e);
      notice.accept("The artifacts of this operation were not kept: " + e);
    }
  }

  private Map<String, Object> plan(UUID operation, OperationKind kind, List<ChangeSet> planned) {
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("operation_id", operation);
    plan.put("operation", kind.name().toLowerCase(Locale.ROOT));
    List<Object> changeSets = new ArrayList<>();
    for (ChangeSet changeSet : planned) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("change_set", changeSet.name());
      one.put("content_checksum", changeSet.content().checksum());
      one.put("statements", statements(kind, changeSet));
      changeSets.add(one);
    }
    plan.put("change_sets", changeSets);
    return plan;
  }

  /** As written: placeholders are not filled in. */
  private List<String> statements(OperationKind kind, ChangeSet changeSet) {
    Optional<Script> script =
        switch (kind) {
          case APPLY -> Optional.of(changeSet.apply());
          case ROLLBACK -> Optional.of(changeSet.rollback());
          default -> Optional.empty();
        };
    return script.stream()
        .flatMap(executed -> executed.statements().stream())
        .map(statement -> mask.hide(statement.text()))
        .toList();
  }

  private String journal(Connection connection, UUID operation) throws SQLException {
    StringBuilder lines = new StringBuilder();
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(Artifacts.class, "journal.sql"))) {
      statement.setObject(1, operation);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Map<String, Object> line = new LinkedHashMap<>();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            Object value = rows.getObject(i);
            line.put(
                rows.getMetaData().getColumnName(i),
                value instanceof String text ? mask.hide(text) : value);
          }
          lines.append(Json.write(line)).append('\n');
        }
      }
    }
    return lines.toString();
  }
}
