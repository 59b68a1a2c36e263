package dev.tidemark.migrator.docs;

import com.typesafe.config.Config;
import dev.tidemark.migrator.diagram.Svg;
import dev.tidemark.migrator.docs.SchemaStory.Domain;
import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The documents of a schema, generated from what its change sets make: dictionary, diagrams and
 * changelog. The same change sets give the same bytes, on every machine and every version of
 * Postgres.
 */
public final class SchemaDocs {
  private static final String DIAGRAMS = "erd/";

  /** By their path within the folder. */
  private final Map<String, String> documents;

  private SchemaDocs(Map<String, String> documents) {
    this.documents = documents;
  }

  /** A document that is not what would be generated, and why. */
  public record Stale(String file, String reason) {}

  /**
   * Applies the configured change sets to a throw-away database and writes down what they make.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if there is no throw-away database, or
   *     the change sets do not apply
   */
  public static SchemaDocs of(Config config) {
    SchemaStory story = SchemaStory.read(config);
    Map<String, String> documents = new TreeMap<>();
    documents.put("dictionary.md", Dictionary.of(story));
    documents.put("erd.md", EntityPage.of(story));
    documents.put("changelog.md", ChangeLog.of(story));
    EntityDiagrams diagrams = new EntityDiagrams(story);
    documents.put(DIAGRAMS + "whole.svg", Svg.draw(diagrams.whole()));
    for (Domain domain : story.domains()) {
      documents.put(
          DIAGRAMS + domain.changeSet().description() + ".svg", Svg.draw(diagrams.of(domain)));
    }
    return new SchemaDocs(documents);
  }

  /**
   * Writes the documents that are not there yet or differ, and deletes diagrams that are no longer
   * drawn.
   *
   * @return what was stale before
   */
  public List<Stale> write(Path folder) {
    List<Stale> stale = stale(folder);
    try {
      for (Stale document : stale) {
        Path file = folder.resolve(document.file());
        String content = documents.get(document.file());
        if (content == null) {
          Files.delete(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.writeString(file, content);
        }
      }
      return stale;
    } catch (IOException e) {
      throw MigratorFailures.docsFolderUnusable(folder, e);
    }
  }

  /**
   * The documents in a folder that are not what would be generated.
   *
   * @return in the order of their paths; empty if all are up to date
   */
  public List<Stale> stale(Path folder) {
    Set<String> files = new TreeSet<>(documents.keySet());
    try {
      files.addAll(drawn(folder));
      List<Stale> stale = new ArrayList<>();
      for (String name : files) {
        Path file = folder.resolve(name);
        if (!documents.containsKey(name)) {
          stale.add(new Stale(name, "is not generated any more"));
        } else if (!Files.exists(file)) {
          stale.add(new Stale(name, "is missing"));
        } else if (!Files.readString(file).equals(documents.get(name))) {
          stale.add(new Stale(name, "is not what the change sets make"));
        }
      }
      return List.copyOf(stale);
    } catch (IOException e) {
      throw MigratorFailures.docsFolderUnusable(folder, e);
    }
  }

  private static List<String> drawn(Path folder) throws IOException {
    Path diagrams = folder.resolve(DIAGRAMS);
    if (!Files.isDirectory(diagrams)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(diagrams)) {
      return files
          .map(file -> DIAGRAMS + file.getFileName())
          .filter(name -> name.endsWith(".svg"))
          .toList();
    }
  }
}
