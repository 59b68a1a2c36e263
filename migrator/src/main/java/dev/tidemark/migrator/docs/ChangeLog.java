package dev.tidemark.migrator.docs;

import static dev.tidemark.migrator.docs.Markdown.code;
import static dev.tidemark.migrator.docs.Markdown.codes;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.docs.SchemaStory.Chapter;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** What changed, youngest first. */
final class ChangeLog {
  private static final DateTimeFormatter VERSION = DateTimeFormatter.ofPattern("uuuuMMddHHmm");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

  private ChangeLog() {}

  static String of(SchemaStory story) {
    Markdown markdown =
        new Markdown()
            .heading(1, "Changelog of the schema")
            .paragraph(
                "Generated from the change sets by `tidemark migrate docs generate`. Not to be"
                    + " edited by hand.");
    List<Chapter> chapters = story.chapters();
    for (int i = chapters.size() - 1; i >= 0; i--) {
      write(markdown, chapters.get(i));
    }
    return markdown.toString();
  }

  private static void write(Markdown markdown, Chapter chapter) {
    ChangeSet changeSet = chapter.changeSet();
    markdown
        .heading(2, changeSet.name())
        .paragraph(changeSet.title() + ".")
        .lines("- Version: " + TIME.format(LocalDateTime.parse(changeSet.version(), VERSION)))
        .lines("- Author: " + changeSet.author());
    if (!changeSet.reviewers().isEmpty()) {
      markdown.lines("- Reviewed by " + String.join(", ", changeSet.reviewers()));
    }
    markdown
        .lines("- Phase: " + word(changeSet.phase()))
        .lines("- Risk: %s. %s".formatted(word(changeSet.risk()), changeSet.riskAssessment()));
    changeSet
        .expectedDuration()
        .ifPresent(
            duration -> markdown.lines("- Expected to take %s s".formatted(duration.toSeconds())));
    if (!changeSet.transactional()) {
      markdown.lines("- Runs without a transaction: " + code("transactional = false"));
    }
    tables(markdown, "Makes", chapter.made());
    tables(markdown, "Drops", chapter.dropped());
    tables(markdown, "Touches", changeSet.touchedTables());
    markdown.lines("");
  }

  private static void tables(Markdown markdown, String verb, List<String> tables) {
    if (!tables.isEmpty()) {
      markdown.lines("- %s: %s".formatted(verb, codes(tables)));
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
