package dev.tidemark.migrator.diagram;

import dev.tidemark.migrator.diagram.Diagram.Box;
import dev.tidemark.migrator.diagram.Diagram.Group;
import dev.tidemark.migrator.diagram.Diagram.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes a diagram with frames apart where no link holds it together. */
final class Parts {
  private Parts() {}

  /** The parts, in the order of their first groups; without frames the whole is one. */
  static List<Diagram> of(Diagram diagram) {
    boolean framed = diagram.groups().stream().anyMatch(group -> group.title().isPresent());
    if (!framed) {
      return List.of(diagram);
    }
    Map<String, Integer> groupOfBox = new HashMap<>();
    List<Integer> parts = new ArrayList<>();
    for (int i = 0; i < diagram.groups().size(); i++) {
      parts.add(i);
      for (Box box : diagram.groups().get(i).boxes()) {
        groupOfBox.put(box.name(), i);
      }
    }
    for (Link link : diagram.links()) {
      int from = parts.get(groupOfBox.get(link.from()));
      int to = parts.get(groupOfBox.get(link.to()));
      parts.replaceAll(part -> part == Math.max(from, to) ? Math.min(from, to) : part);
    }
    Map<Integer, List<Group>> groups = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      groups.computeIfAbsent(parts.get(i), part -> new ArrayList<>()).add(diagram.groups().get(i));
    }
    return groups.entrySet().stream()
        .map(
            part ->
                new Diagram(
                    diagram.title(),
                    diagram.flow(),
                    part.getValue(),
                    diagram.links().stream()
                        .filter(
                            link -> parts.get(groupOfBox.get(link.from())).equals(part.getKey()))
                        .toList()))
        .toList();
  }
}
