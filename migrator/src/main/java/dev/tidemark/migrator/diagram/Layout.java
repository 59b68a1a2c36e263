package dev.tidemark.migrator.diagram;

import static dev.tidemark.migrator.diagram.Measures.FRAME_TITLE;
import static dev.tidemark.migrator.diagram.Measures.LEGEND;
import static dev.tidemark.migrator.diagram.Measures.MARGIN;
import static dev.tidemark.migrator.diagram.Measures.TITLE;

import dev.tidemark.migrator.diagram.Diagram.Box;
import dev.tidemark.migrator.diagram.Diagram.Flow;
import dev.tidemark.migrator.diagram.Diagram.Group;
import dev.tidemark.migrator.diagram.Diagram.Link;
import dev.tidemark.migrator.diagram.Placed.Area;
import dev.tidemark.migrator.diagram.Placed.Line;
import dev.tidemark.migrator.diagram.Placed.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.options.HierarchyHandling;
import org.eclipse.elk.core.options.PortConstraints;
import org.eclipse.elk.core.options.PortSide;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.ElkPort;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/** Lays a diagram out: what is pointed to comes before what points to it. */
final class Layout {
  private static final double BETWEEN_LAYERS = 70;
  private static final double FOOT = 24;

  private final Diagram diagram;
  private final ElkNode graph = ElkGraphUtil.createGraph();
  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final Map<String, ElkNode> nodes = new LinkedHashMap<>();
  private final Map<String, ElkNode> frames = new LinkedHashMap<>();
  private final Map<String, ElkPort> ports = new LinkedHashMap<>();
  private final Map<Link, ElkEdge> edges = new LinkedHashMap<>();

  private Layout(Diagram diagram) {
    this.diagram = diagram;
  }

  static Placed of(Diagram diagram) {
    return Columns.of(
        Parts.of(diagram).stream().map(part -> new Layout(part).place()).toList(),
        new Point(MARGIN, MARGIN + TITLE),
        new Point(MARGIN, MARGIN + LEGEND));
  }

  private Placed place() {
    configure(graph);
    graph.setProperty(LayeredOptions.PADDING, new ElkPadding());
    diagram.groups().forEach(this::add);
    diagram.links().forEach(this::add);
    new RecursiveGraphLayoutEngine().layout(graph, new BasicProgressMonitor());

    Map<String, Area> boxAreas = new LinkedHashMap<>();
    nodes.forEach((name, node) -> boxAreas.put(name, area(node)));
    Map<String, Area> frameAreas = new LinkedHashMap<>();
    frames.forEach((title, node) -> frameAreas.put(title, area(node)));
    List<Line> lines = new ArrayList<>();
    edges.forEach((link, edge) -> lines.add(line(link, edge)));
    return new Placed(
        round(graph.getWidth()), round(graph.getHeight()), boxAreas, frameAreas, lines);
  }

  private void configure(ElkNode node) {
    node.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
    node.setProperty(LayeredOptions.DIRECTION, down() ? Direction.DOWN : Direction.RIGHT);
    node.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
    node.setProperty(LayeredOptions.HIERARCHY_HANDLING, HierarchyHandling.INCLUDE_CHILDREN);
    node.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, BETWEEN_LAYERS);
    node.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, FOOT);
    node.setProperty(LayeredOptions.SPACING_NODE_NODE, 28.0);
    node.setProperty(LayeredOptions.SPACING_EDGE_NODE, 16.0);
    node.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 10.0);
    node.setProperty(LayeredOptions.SPACING_EDGE_EDGE_BETWEEN_LAYERS, 10.0);
    node.setProperty(LayeredOptions.SPACING_NODE_SELF_LOOP, FOOT);
    node.setProperty(LayeredOptions.SPACING_COMPONENT_COMPONENT, 36.0);
    node.setProperty(LayeredOptions.THOROUGHNESS, 40);
    node.setProperty(LayeredOptions.RANDOM_SEED, 1);
    node.setProperty(LayeredOptions.ASPECT_RATIO, 1.6);
  }

  private void add(Group group) {
    ElkNode parent =
        group
            .title()
            .map(
                title -> {
                  ElkNode frame = ElkGraphUtil.createNode(graph);
                  configure(frame);
                  frame.setProperty(
                      LayeredOptions.PADDING, new ElkPadding(FRAME_TITLE + 14, 18, 18, 18));
                  frames.put(title, frame);
                  return frame;
                })
            .orElse(graph);
    for (Box box : group.boxes()) {
      ElkNode node = ElkGraphUtil.createNode(parent);
      node.setDimensions(Measures.width(box), Measures.height(box));
      node.setProperty(
          LayeredOptions.PORT_CONSTRAINTS,
          down() ? PortConstraints.FIXED_SIDE : PortConstraints.FIXED_POS);
      nodes.put(box.name(), node);
      boxes.put(box.name(), box);
    }
  }

  /** Drawn from what is pointed to, so that it comes first. */
  private void add(Link link) {
    ElkPort target = port(link.to(), "", down() ? PortSide.SOUTH : PortSide.EAST);
    ElkPort source = port(link.from(), link.row(), down() ? PortSide.NORTH : PortSide.WEST);
    edges.put(link, ElkGraphUtil.createSimpleEdge(target, source));
  }

  private ElkPort port(String name, String row, PortSide side) {
    return ports.computeIfAbsent(
        name + "." + row + side,
        key -> {
          ElkNode node = nodes.get(name);
          Box box = boxes.get(name);
          ElkPort port = ElkGraphUtil.createPort(node);
          port.setProperty(LayeredOptions.PORT_SIDE, side);
          if (!down()) {
            port.setX(side == PortSide.EAST ? node.getWidth() : 0);
            port.setY(Measures.middle(box, row));
          }
          return port;
        });
  }

  private boolean down() {
    return diagram.flow() == Flow.DOWN;
  }

  private static Area area(ElkNode node) {
    Point corner = absolute(node);
    return new Area(corner.x(), corner.y(), round(node.getWidth()), round(node.getHeight()));
  }

  private static Point absolute(ElkNode node) {
    double x = 0;
    double y = 0;
    for (ElkNode at = node; at != null; at = at.getParent()) {
      x += at.getX();
      y += at.getY();
    }
    return new Point(round(x), round(y));
  }

  private static Line line(Link link, ElkEdge edge) {
    Point origin = absolute(edge.getContainingNode());
    ElkEdgeSection section = edge.getSections().get(0);
    List<Point> points = new ArrayList<>();
    points.add(point(origin, section.getEndX(), section.getEndY()));
    for (ElkBendPoint bend : section.getBendPoints()) {
      points.add(1, point(origin, bend.getX(), bend.getY()));
    }
    points.add(point(origin, section.getStartX(), section.getStartY()));
    return new Line(link, List.copyOf(points));
  }

  private static Point point(Point origin, double x, double y) {
    return new Point(origin.x() + round(x), origin.y() + round(y));
  }

  private static int round(double length) {
    return (int) Math.round(length);
  }
}
