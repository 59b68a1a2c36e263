package dev.tidemark.migrator.diagram;

import dev.tidemark.migrator.diagram.Diagram.Box;
import dev.tidemark.migrator.diagram.Diagram.Row;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Lengths in pixels. No font is measured, so that a picture is the same on every machine: every
 * letter is as wide as those of the usual monospaced fonts, and texts are told their lengths.
 */
final class Measures {
  static final int FONT = 12;
  static final int HEADER = 30;
  static final int ROW = 22;
  static final int ICON = 30;
  static final int PADDING = 12;
  static final int GAP = 22;
  static final int FRAME_TITLE = 26;
  static final int MARGIN = 24;
  static final int TITLE = 44;
  static final int LEGEND = 40;

  private static final double LETTER = 0.6;
  private static final int NARROWEST = 140;

  private Measures() {}

  /** How wide a text of the usual size is. */
  static int width(String text) {
    return width(text, FONT);
  }

  static int width(String text, int font) {
    return (int) Math.ceil(text.codePointCount(0, text.length()) * font * LETTER);
  }

  static int width(Box box) {
    int header = PADDING + width(box.name(), FONT + 1) + note(box) + PADDING;
    return IntStream.concat(
            IntStream.of(header, NARROWEST), box.rows().stream().mapToInt(Measures::width))
        .max()
        .orElseThrow();
  }

  static int height(Box box) {
    return HEADER + box.rows().size() * ROW + (box.rows().isEmpty() ? 0 : 4);
  }

  /** The middle of a row, from the top of its box; that of the header if there is no such row. */
  static int middle(Box box, String row) {
    return IntStream.range(0, box.rows().size())
        .filter(i -> box.rows().get(i).name().equals(row))
        .mapToObj(i -> HEADER + i * ROW + ROW / 2)
        .min(Comparator.naturalOrder())
        .orElse(HEADER / 2);
  }

  private static int width(Row row) {
    return ICON + width(row.name()) + GAP + width(row.type()) + PADDING;
  }

  private static int note(Box box) {
    return box.note().isEmpty() ? 0 : GAP + width(box.note(), FONT - 2);
  }
}
