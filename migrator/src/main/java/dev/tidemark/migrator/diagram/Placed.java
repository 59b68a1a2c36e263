package dev.tidemark.migrator.diagram;

import java.util.List;
import java.util.Map;

/**
 * Where everything lies, in pixels from the upper left.
 *
 * @param boxes by name
 * @param frames by the title of the group
 * @param lines one for each link, in their order
 */
record Placed(
    int width, int height, Map<String, Area> boxes, Map<String, Area> frames, List<Line> lines) {

  record Area(int x, int y, int width, int height) {
    int right() {
      return x + width;
    }

    int bottom() {
      return y + height;
    }
  }

  record Point(int x, int y) {}

  /** Goes straight from corner to corner, from the pointing column to what it points to. */
  record Line(Diagram.Link link, List<Point> points) {}
}
