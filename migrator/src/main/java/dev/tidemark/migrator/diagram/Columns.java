package dev.tidemark.migrator.diagram;

import dev.tidemark.migrator.diagram.Placed.Area;
import dev.tidemark.migrator.diagram.Placed.Line;
import dev.tidemark.migrator.diagram.Placed.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the parts of a picture side by side, in columns no higher than the highest part. */
final class Columns {
  private static final int GAP = 36;

  private Columns() {}

  /**
   * One picture of all parts.
   *
   * @param before what stays free to the left and above
   * @param after what stays free to the right and below
   */
  static Placed of(List<Placed> parts, Point before, Point after) {
    Map<String, Area> boxes = new LinkedHashMap<>();
    Map<String, Area> frames = new LinkedHashMap<>();
    List<Line> lines = new ArrayList<>();
    int highest = parts.stream().mapToInt(Placed::height).max().orElse(0);
    Point free = before;
    int width = before.x();
    int height = before.y();
    for (Placed part : highestFirst(parts)) {
      if (free.y() > before.y() && free.y() + part.height() > before.y() + highest) {
        free = new Point(width + GAP, before.y());
      }
      Point corner = free;
      part.boxes().forEach((name, area) -> boxes.put(name, moved(area, corner)));
      part.frames().forEach((title, area) -> frames.put(title, moved(area, corner)));
      part.lines().forEach(line -> lines.add(moved(line, corner)));
      width = Math.max(width, free.x() + part.width());
      height = Math.max(height, free.y() + part.height());
      free = new Point(free.x(), free.y() + part.height() + GAP);
    }
    return new Placed(width + after.x(), height + after.y(), boxes, frames, lines);
  }

  private static List<Placed> highestFirst(List<Placed> parts) {
    return parts.stream().sorted(Comparator.comparingInt(Placed::height).reversed()).toList();
  }

  private static Area moved(Area area, Point by) {
    return new Area(area.x() + by.x(), area.y() + by.y(), area.width(), area.height());
  }

  private static Line moved(Line line, Point by) {
    return new Line(
        line.link(),
        line.points().stream()
            .map(point -> new Point(point.x() + by.x(), point.y() + by.y()))
            .toList());
  }
}
