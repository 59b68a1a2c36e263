package dev.tidemark.migrator.changeset;

import com.typesafe.config.ConfigUtil;
import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Makes the folder of a change set that somebody fills in. */
public final class Scaffold {
  /** The files of a change set. */
  public static final List<String> FILES =
      List.of("apply.sql", "rollback.sql", "verify.sql", "changeset.conf");

  private static final DateTimeFormatter VERSION =
      DateTimeFormatter.ofPattern("uuuuMMddHHmm").withZone(ZoneOffset.UTC);

  private Scaffold() {}

  /**
   * A folder that was made.
   *
   * @param version the change set's version
   * @param folder where it is
   */
  public record Made(String version, Path folder) {}

  /**
   * Makes a folder whose files hold guidance only: nobody can apply it as it is. Its version is the
   * minute in UTC, or the next one that is free.
   *
   * @param parent where the change sets are
   * @param description in snake_case
   * @param author who writes it
   * @param now the time
   * @throws dev.tidemark.migrator.failure.MigratorException if the description is no name or taken,
   *     or there is no such folder
   */
  public static Made make(Path parent, String description, String author, Instant now) {
    if (!description.matches("[a-z][a-z0-9_]*")) {
      throw MigratorFailures.scaffoldRefused(
          description,
          "it has more than small letters, digits and underscores, or begins with something else",
          "give a name such as add_note_to_orders");
    }
    if (!Files.isDirectory(parent)) {
      throw MigratorFailures.scaffoldRefused(
          description,
          "there is no folder " + parent,
          "run it in a checkout, or set migrate.change-sets to the folder of your change sets");
    }
    List<String> names = names(parent);
    names.stream()
        .filter(
            name -> name.endsWith("_" + description) && name.length() == description.length() + 13)
        .findFirst()
        .ifPresent(
            taken -> {
              throw MigratorFailures.scaffoldRefused(
                  description, parent.resolve(taken) + " is there already", "give another name");
            });
    Instant minute = now;
    while (isTaken(names, VERSION.format(minute))) {
      minute = minute.plus(1, ChronoUnit.MINUTES);
    }
    String version = VERSION.format(minute);
    Path folder = parent.resolve(version + "_" + description);
    write(folder, description, author);
    return new Made(version, folder);
  }

  private static boolean isTaken(List<String> names, String version) {
    return names.stream().anyMatch(name -> name.startsWith(version + "_"));
  }

  private static List<String> names(Path parent) {
    try (Stream<Path> children = Files.list(parent)) {
      return children.map(child -> child.getFileName().toString()).toList();
    } catch (IOException e) {
      throw MigratorFailures.unreadableChangeSet(parent.toString(), e);
    }
  }

  private static void write(Path folder, String description, String author) {
    String title =
        description.substring(0, 1).toUpperCase(Locale.ROOT)
            + description.substring(1).replace('_', ' ');
    try {
      Files.createDirectory(folder);
      for (String file : FILES) {
        Files.writeString(
            folder.resolve(file),
            template(file).replace("@TITLE@", quoted(title)).replace("@AUTHOR@", quoted(author)));
      }
    } catch (IOException e) {
      throw MigratorFailures.unreadableChangeSet(folder.toString(), e);
    }
  }

  private static String quoted(String text) {
    return ConfigUtil.quoteString(text);
  }

  private static String template(String file) {
    try (InputStream stream = Scaffold.class.getResourceAsStream("scaffold/" + file)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
