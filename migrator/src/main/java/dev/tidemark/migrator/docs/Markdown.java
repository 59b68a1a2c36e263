package dev.tidemark.migrator.docs;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes Markdown. */
final class Markdown {
  private final StringBuilder text = new StringBuilder();

  /** A line, and an empty one behind it. */
  Markdown paragraph(String line) {
    return lines(line).lines("");
  }

  Markdown heading(int level, String title) {
    return paragraph("#".repeat(level) + " " + title);
  }

  Markdown lines(String... lines) {
    for (String line : lines) {
      text.append(line).append('\n');
    }
    return this;
  }

  /** A list with a title, unless it is empty. */
  Markdown list(String title, Collection<String> items) {
    if (items.isEmpty()) {
      return this;
    }
    paragraph("**" + title + "**");
    items.forEach(item -> lines("- " + item));
    return lines("");
  }

  /** A table, unless it has no rows. */
  Markdown table(List<String> headings, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return this;
    }
    lines(row(headings), "|" + "---|".repeat(headings.size()));
    rows.forEach(cells -> lines(row(cells)));
    return lines("");
  }

  /** Code within a line. */
  static String code(String code) {
    String line = code.strip().replaceAll("\\s+", " ");
    return line.isEmpty() ? "" : "`" + line + "`";
  }

  static String codes(Collection<String> codes) {
    return codes.stream().map(Markdown::code).collect(Collectors.joining(", "));
  }

  /** A link to a heading of the same file. */
  static String link(String title) {
    String anchor = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_ -]", "").replace(' ', '-');
    return "[%s](#%s)".formatted(title, anchor);
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replaceAll("\\s*\\R\\s*", " "))
        .collect(Collectors.joining(" | ", "| ", " |"))
        .replace("|  |", "| |");
  }

  @Override
  public String toString() {
    return text.toString().stripTrailing() + "\n";
  }
}
