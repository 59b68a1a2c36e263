package dev.tidemark.migrator.diagram;

import java.util.List;
import java.util.Optional;

/**
 * Tables and what points where, before anything has a place.
 *
 * @param title in the picture's first line
 * @param flow where what points lies, seen from what it points to
 * @param groups in the order in which they are told
 * @param links between rows of boxes
 */
public record Diagram(String title, Flow flow, List<Group> groups, List<Link> links) {

  /** Which way a reader follows links from what is pointed to. */
  public enum Flow {
    /** Links end at the column that points: for tables with many columns. */
    RIGHT,
    /** Links end at the table that points: for many tables with few columns. */
    DOWN
  }

  /**
   * Boxes of one colour.
   *
   * @param title of the frame around them; empty for no frame
   * @param hue number of the colour
   */
  public record Group(Optional<String> title, int hue, List<Box> boxes) {}

  /**
   * A table.
   *
   * @param name unlike that of any other box
   * @param note in small letters beside the name; may be empty
   * @param rows its columns; none for a table that is told elsewhere
   */
  public record Box(String name, String note, List<Row> rows) {}

  /**
   * A column.
   *
   * @param type to be shown
   * @param mark the key that it is a part of
   * @param nullable whether it may be empty
   */
  public record Row(String name, String type, Mark mark, boolean nullable) {}

  /** What a column is to keys. */
  public enum Mark {
    NONE,
    PRIMARY,
    FOREIGN,
    /** Part of the primary key, and pointing elsewhere. */
    PRIMARY_AND_FOREIGN,
    UNIQUE
  }

  /**
   * A column that points to a row of another table, or of its own.
   *
   * @param from the box that points
   * @param row the column that points
   * @param to the box pointed to
   * @param many whether several rows may point to the same one
   * @param optional whether a row may point nowhere
   */
  public record Link(String from, String row, String to, boolean many, boolean optional) {}
}
