package dev.tidemark.migrator.diagram;

import static dev.tidemark.migrator.diagram.Measures.FONT;
import static dev.tidemark.migrator.diagram.Measures.HEADER;
import static dev.tidemark.migrator.diagram.Measures.ICON;
import static dev.tidemark.migrator.diagram.Measures.MARGIN;
import static dev.tidemark.migrator.diagram.Measures.PADDING;
import static dev.tidemark.migrator.diagram.Measures.ROW;

import dev.tidemark.migrator.diagram.Diagram.Box;
import dev.tidemark.migrator.diagram.Diagram.Flow;
import dev.tidemark.migrator.diagram.Diagram.Group;
import dev.tidemark.migrator.diagram.Diagram.Mark;
import dev.tidemark.migrator.diagram.Diagram.Row;
import dev.tidemark.migrator.diagram.Placed.Area;
import dev.tidemark.migrator.diagram.Placed.Line;
import dev.tidemark.migrator.diagram.Placed.Point;
import java.util.Locale;

/** Draws a diagram as SVG, the same bytes on every machine. */
public final class Svg {
  /** Of one lightness, far apart in hue; white letters are legible on each. */
  private static final String[] COLOURS = {
    "#2f6690", "#7a4d8c", "#2d7d6b", "#a4572c", "#4a5a9b", "#8a3b52", "#56702f", "#8a6a1f",
    "#3f6f8f", "#6b4e9b", "#2f7a4d", "#9b4d6b"
  };

  /** Ends of a line that leaves a box to the right: of many, and of one. */
  private static final String FOOT = "M0 -6L12 0L0 6";

  private static final String BAR = "M8 -6v12";

  private static final int LEAST_WIDTH = 880;

  private final Diagram diagram;
  private final Placed placed;
  private final StringBuilder svg = new StringBuilder();

  private Svg(Diagram diagram) {
    this.diagram = diagram;
    this.placed = Layout.of(diagram);
  }

  /**
   * Draws a diagram.
   *
   * @return a whole document that needs no other file
   */
  public static String draw(Diagram diagram) {
    return new Svg(diagram).draw();
  }

  private String draw() {
    int width = Math.max(placed.width(), LEAST_WIDTH);
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            + " role=\"img\" aria-label=\"%s\">",
        width, placed.height(), width, placed.height(), escaped(diagram.title()));
    line("<style>%s</style>", style());
    line("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>", width, placed.height());
    line(
        "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>",
        MARGIN, MARGIN + 16, escaped(diagram.title()));
    diagram.groups().forEach(this::frame);
    placed.lines().forEach(this::link);
    diagram.groups().forEach(this::boxes);
    legend();
    line("</svg>");
    return svg.toString();
  }

  private static String style() {
    return """
        text{font:%1$dpx ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;fill:#24292f}\
        .title{font:600 18px system-ui,'Segoe UI','DejaVu Sans',sans-serif}\
        .frame{fill-opacity:.06;stroke-opacity:.45}\
        .frame-title{font:600 13px system-ui,'Segoe UI','DejaVu Sans',sans-serif}\
        .paper{fill:#fff}.box{fill:#fff;stroke-width:1.2}.name{fill:#fff;font-weight:600;font-size:%2$dpx}\
        .note{fill:#fff;fill-opacity:.8;font-size:%3$dpx;text-anchor:end}.even{fill:#f6f8fa}\
        .key{font-weight:600}.null{fill:#6e7781}.type{fill:#6e7781;text-anchor:end}\
        .link{fill:none;stroke:#57606a;stroke-width:1.3}.maybe{stroke-dasharray:5 4}\
        .end{fill:none;stroke:#57606a;stroke-width:1.3}.gold{fill:#d4a017}.grey{fill:#8c959f}\
        .legend{font-size:%3$dpx;fill:#57606a}.faint{font-size:%3$dpx;fill:#8c959f}"""
        .formatted(FONT, FONT + 1, FONT - 2);
  }

  private void frame(Group group) {
    group
        .title()
        .ifPresent(
            title -> {
              Area area = placed.frames().get(title);
              String colour = colour(group);
              line(
                  "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\""
                      + " fill=\"%s\" stroke=\"%s\"/>",
                  area.x(), area.y(), area.width(), area.height(), colour, colour);
              line(
                  "<text class=\"frame-title\" x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
                  area.x() + 18, area.y() + 24, colour, escaped(title));
            });
  }

  private void boxes(Group group) {
    group.boxes().forEach(box -> box(box, colour(group)));
  }

  private void box(Box box, String colour) {
    Area area = placed.boxes().get(box.name());
    line("<g transform=\"translate(%d %d)\">", area.x(), area.y());
    line(
        "<rect class=\"box\" width=\"%d\" height=\"%d\" rx=\"6\" stroke=\"%s\"/>",
        area.width(), area.height(), colour);
    for (int i = 0; i < box.rows().size(); i++) {
      row(box.rows().get(i), i, area.width());
    }
    String header =
        box.rows().isEmpty()
            ? "M6 0H%1$dq6 0 6 6V%3$dq0 6 -6 6H6q-6 0 -6 -6V6q0 -6 6 -6z"
            : "M6 0H%1$dq6 0 6 6V%2$dH0V6q0 -6 6 -6z";
    line(
        "<path fill=\"%s\" d=\"%s\"/>",
        colour, header.formatted(area.width() - 6, HEADER, HEADER - 6));
    text("name", PADDING, HEADER / 2 + 4, box.name(), FONT + 1);
    if (!box.note().isEmpty()) {
      text("note", area.width() - PADDING, HEADER / 2 + 4, box.note(), FONT - 2);
    }
    line("</g>");
  }

  private void row(Row row, int number, int width) {
    int top = HEADER + number * ROW;
    if (number % 2 == 1) {
      line(
          "<rect class=\"even\" x=\"1\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
          top, width - 2, ROW);
    }
    icon(row.mark(), top + ROW / 2);
    int baseline = top + ROW / 2 + 4;
    boolean key = row.mark() == Mark.PRIMARY || row.mark() == Mark.PRIMARY_AND_FOREIGN;
    text(key ? "key" : row.nullable() ? "null" : "", ICON, baseline, row.name(), FONT);
    text("type", width - PADDING, baseline, row.type(), FONT);
  }

  private void icon(Mark mark, int middle) {
    switch (mark) {
      case PRIMARY -> key("gold", middle);
      case FOREIGN -> arrow(middle);
      case PRIMARY_AND_FOREIGN -> {
        key("gold", middle);
        line("<circle class=\"grey\" cx=\"25\" cy=\"%d\" r=\"2\"/>", middle);
      }
      case UNIQUE -> key("grey", middle);
      case NONE -> {
        // Nothing to see.
      }
    }
  }

  /** A ring and a bit. */
  private void key(String colour, int middle) {
    line(
        "<path class=\"%s\" fill-rule=\"evenodd\" d=\"M8 %da4 4 0 1 1 0 8a4 4 0 1 1 0 -8zm0"
            + " 2.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0 -3.2zm3.6 0.6h9v4.4h-2v-2.4h-1.6v1.6h-2v-1.6h-3.4z\"/>",
        colour, middle - 4);
  }

  private void arrow(int middle) {
    line("<path class=\"grey\" d=\"M6 %dh8v-3l6 4l-6 4v-3h-8z\"/>", middle - 1);
  }

  private void link(Line drawn) {
    StringBuilder path = new StringBuilder("M");
    for (Point point : drawn.points()) {
      path.append(path.length() == 1 ? "" : "L").append(point.x()).append(' ').append(point.y());
    }
    line("<path class=\"link%s\" d=\"%s\"/>", drawn.link().optional() ? " maybe" : "", path);
    int turn = diagram.flow() == Flow.DOWN ? 90 : 0;
    end(drawn.points().get(0), turn + 180, drawn.link().many() ? FOOT : BAR);
    end(drawn.points().get(drawn.points().size() - 1), turn, BAR);
  }

  private void end(Point point, int turn, String shape) {
    line(
        "<path class=\"end\" transform=\"translate(%d %d)rotate(%d)\" d=\"%s\"/>",
        point.x(), point.y(), turn, shape);
  }

  private void legend() {
    int y = placed.height() - MARGIN;
    line("<g transform=\"translate(%d %d)\">", MARGIN, y);
    key("gold", -4);
    int x = legend(26, "primary key");
    line("<g transform=\"translate(%d 0)\">", x);
    key("grey", -4);
    x += legend(26, "unique");
    line("</g><g transform=\"translate(%d 0)\">", x);
    arrow(-4);
    x += legend(26, "points elsewhere");
    line("</g><g transform=\"translate(%d 0)\">", x);
    line("<path class=\"link\" d=\"M0 -4h40\"/>");
    line("<path class=\"end\" transform=\"translate(0 -4)\" d=\"%s\"/>", BAR);
    line("<path class=\"end\" transform=\"translate(40 -4)rotate(180)\" d=\"%s\"/>", FOOT);
    x += legend(48, "one to many");
    line("</g><g transform=\"translate(%d 0)\">", x);
    line("<path class=\"link maybe\" d=\"M0 -4h40\"/>");
    x += legend(48, "may be null");
    line("</g><g transform=\"translate(%d 0)\">", x);
    text("faint", 0, 0, "column", FONT - 2);
    legend(Measures.width("column", FONT - 2) + 8, "in grey: may be null");
    line("</g></g>");
  }

  /** Writes a word of the legend and tells where the next one begins. */
  private int legend(int x, String word) {
    text("legend", x, 0, word, FONT - 2);
    return x + Measures.width(word, FONT - 2) + 28;
  }

  /** A text that is as long as it was measured, whatever font there is. */
  private void text(String kind, int x, int y, String text, int font) {
    String attribute = kind.isEmpty() ? "" : " class=\"" + kind + "\"";
    line(
        "<text%s x=\"%d\" y=\"%d\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\">%s</text>",
        attribute, x, y, Measures.width(text, font), escaped(text));
  }

  private static String colour(Group group) {
    return COLOURS[group.hue() % COLOURS.length];
  }

  private void line(String format, Object... values) {
    svg.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    svg.append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
