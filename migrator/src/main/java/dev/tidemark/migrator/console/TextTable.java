package dev.tidemark.migrator.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table for people: columns as wide as their widest cell, numbers to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table without rows. */
  public TextTable(String... headings) {
    this.headings = List.of(headings);
  }

  /**
   * Adds a row.
   *
   * @param cells one for each heading; null is shown as nothing
   */
  public TextTable row(Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells under " + headings);
    }
    rows.add(Arrays.stream(cells).map(cell -> cell == null ? "" : cell.toString()).toList());
    return this;
  }

  /** The lines, without a line end after the last. */
  @Override
  public String toString() {
    List<Integer> columns = IntStream.range(0, headings.size()).boxed().toList();
    List<Integer> widths = columns.stream().map(this::width).toList();
    List<Boolean> numeric = columns.stream().map(this::isNumeric).toList();

    List<List<String>> lines = new ArrayList<>();
    lines.add(headings);
    lines.add(widths.stream().map("─"::repeat).toList());
    lines.addAll(rows);
    return lines.stream()
        .map(
            line ->
                columns.stream()
                    .map(i -> pad(line.get(i), widths.get(i), numeric.get(i)))
                    .collect(Collectors.joining(GAP))
                    .stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  private int width(int column) {
    return IntStream.concat(
            IntStream.of(length(headings.get(column))),
            rows.stream().mapToInt(row -> length(row.get(column))))
        .max()
        .orElseThrow();
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty()
        && rows.stream()
            .map(row -> row.get(column))
            .allMatch(cell -> cell.matches("[-+]?[0-9][0-9,._]*( ?[a-zA-Zµ%]{1,3})?|[-–]?"));
  }

  private static String pad(String cell, int width, boolean right) {
    String space = " ".repeat(width - length(cell));
    return right ? space + cell : cell + space;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
