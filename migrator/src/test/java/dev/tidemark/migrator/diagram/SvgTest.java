package dev.tidemark.migrator.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.diagram.Diagram.Box;
import dev.tidemark.migrator.diagram.Diagram.Flow;
import dev.tidemark.migrator.diagram.Diagram.Group;
import dev.tidemark.migrator.diagram.Diagram.Link;
import dev.tidemark.migrator.diagram.Diagram.Mark;
import dev.tidemark.migrator.diagram.Diagram.Row;
import dev.tidemark.migrator.diagram.Placed.Area;
import dev.tidemark.migrator.diagram.Placed.Line;
import dev.tidemark.migrator.diagram.Placed.Point;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SvgTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingLiesOnAnythingElse(long seed) {
    Diagram diagram = random(seed);
    Placed placed = Layout.of(diagram);
    List<Area> boxes = List.copyOf(placed.boxes().values());

    for (int i = 0; i < boxes.size(); i++) {
      assertThat(boxes.get(i).right()).isLessThan(placed.width());
      assertThat(boxes.get(i).bottom()).isLessThan(placed.height());
      for (int j = 0; j < i; j++) {
        assertThat(overlap(boxes.get(i), boxes.get(j))).isFalse();
      }
    }
    for (Line line : placed.lines()) {
      for (int i = 1; i < line.points().size(); i++) {
        Point from = line.points().get(i - 1);
        Point to = line.points().get(i);
        assertThat(from.x() == to.x() || from.y() == to.y()).as("right angles").isTrue();
        assertThat(boxes).noneMatch(box -> runsThrough(box, from, to));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void everyTextHasItsPlaceInItsBox(long seed) throws Exception {
    Diagram diagram = random(seed);
    Placed placed = Layout.of(diagram);
    Document document = parsed(Svg.draw(diagram));

    int texts = 0;
    for (Group group : diagram.groups()) {
      for (Box box : group.boxes()) {
        Area area = placed.boxes().get(box.name());
        for (Element text : texts(document, area)) {
          int x = Integer.parseInt(text.getAttribute("x"));
          int length = Integer.parseInt(text.getAttribute("textLength"));
          boolean toTheLeft = text.getAttribute("class").matches("type|note");
          assertThat(toTheLeft ? x - length : x).isNotNegative();
          assertThat(toTheLeft ? x : x + length).isLessThanOrEqualTo(area.width());
          texts++;
        }
      }
    }
    int rows =
        diagram.groups().stream()
            .flatMap(g -> g.boxes().stream())
            .mapToInt(b -> b.rows().size())
            .sum();
    assertThat(texts).isGreaterThan(2 * rows);
  }

  @Test
  void theSameDiagramIsTheSameBytes() {
    assertThat(Svg.draw(random(9))).isEqualTo(Svg.draw(random(9)));
  }

  @Test
  void namesAreWrittenAsTheyAre() throws Exception {
    Box box = new Box("a<b>&\"c\"", "", List.of());
    Diagram diagram =
        new Diagram(
            "T & t", Flow.RIGHT, List.of(new Group(Optional.of("G<"), 0, List.of(box))), List.of());

    assertThat(parsed(Svg.draw(diagram)).getDocumentElement().getTextContent())
        .contains("a<b>&\"c\"", "T & t", "G<");
  }

  @Test
  void linesLeaveTheTablePointedToAndEndAtTheColumnThatPoints() {
    Row id = new Row("id", "uuid", Mark.PRIMARY, false);
    Row parent = new Row("parent_id", "uuid", Mark.FOREIGN, false);
    Diagram diagram =
        new Diagram(
            "t",
            Flow.RIGHT,
            List.of(
                new Group(
                    Optional.empty(),
                    0,
                    List.of(
                        new Box("parents", "", List.of(id)),
                        new Box("children", "", List.of(id, parent))))),
            List.of(new Link("children", "parent_id", "parents", true, false)));
    Placed placed = Layout.of(diagram);
    List<Point> points = placed.lines().get(0).points();
    Area parents = placed.boxes().get("parents");
    Area children = placed.boxes().get("children");

    assertThat(points.get(points.size() - 1).x()).isEqualTo(parents.right());
    assertThat(points.get(0).x()).isEqualTo(children.x());
    // The second row's middle, counted from the top of the box.
    assertThat(points.get(0).y() - children.y()).isEqualTo(30 + 22 + 11);
  }

  private static Diagram random(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<Group> groups = new ArrayList<>();
    List<Box> all = new ArrayList<>();
    boolean frames = random.nextBoolean();
    for (int g = 0; g < 1 + random.nextInt(4); g++) {
      List<Box> boxes = new ArrayList<>();
      for (int b = 0; b < 1 + random.nextInt(5); b++) {
        Box box = box("table_" + g + "_" + b + "x".repeat(random.nextInt(20)), random);
        boxes.add(box);
        all.add(box);
      }
      groups.add(new Group(frames ? Optional.of("Group " + g) : Optional.empty(), g, boxes));
    }
    List<Link> links = new ArrayList<>();
    for (Box box : all) {
      box.rows().stream()
          .filter(row -> row.mark() == Mark.FOREIGN)
          .forEach(
              row ->
                  links.add(
                      new Link(
                          box.name(),
                          row.name(),
                          all.get(random.nextInt(all.size())).name(),
                          random.nextBoolean(),
                          row.nullable())));
    }
    return new Diagram(
        "Seed " + seed, random.nextBoolean() ? Flow.DOWN : Flow.RIGHT, groups, links);
  }

  private static Box box(String name, RandomGenerator random) {
    Mark[] marks = Mark.values();
    List<Row> rows =
        IntStream.range(0, random.nextInt(12))
            .mapToObj(
                i ->
                    new Row(
                        "column_" + i + "y".repeat(random.nextInt(25)),
                        random.nextBoolean() ? "uuid" : "timestamptz",
                        marks[random.nextInt(marks.length)],
                        random.nextBoolean()))
            .toList();
    return new Box(name, random.nextBoolean() ? "partitioned" : "", rows);
  }

  private static boolean overlap(Area one, Area other) {
    return one.x() <= other.right()
        && other.x() <= one.right()
        && one.y() <= other.bottom()
        && other.y() <= one.bottom();
  }

  private static boolean runsThrough(Area box, Point from, Point to) {
    return Math.min(from.x(), to.x()) < box.right() - 1
        && Math.max(from.x(), to.x()) > box.x() + 1
        && Math.min(from.y(), to.y()) < box.bottom() - 1
        && Math.max(from.y(), to.y()) > box.y() + 1;
  }

  private static List<Element> texts(Document document, Area area) {
    NodeList groups = document.getElementsByTagName("g");
    String place = "translate(%d %d)".formatted(area.x(), area.y());
    List<Element> texts = new ArrayList<>();
    for (int i = 0; i < groups.getLength(); i++) {
      Element group = (Element) groups.item(i);
      if (group.getAttribute("transform").equals(place)) {
        NodeList found = group.getElementsByTagName("text");
        for (int j = 0; j < found.getLength(); j++) {
          texts.add((Element) found.item(j));
        }
      }
    }
    return texts;
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
