package dev.tidemark.migrator.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether it is time to take the old shape away. */
final class ContractRule {
  private ContractRule() {}

  /**
   * What speaks against it.
   *
   * @param words what is lacking, and since when
   * @param until when it will be gone by itself; empty if it takes a person
   */
  record Obstacle(String words, Optional<Instant> until) {}

  /**
   * The new shape.
   *
   * @param version of its change set
   * @param since when it has been in place; empty if it is not
   * @param after how long it has to be
   */
  record NewShape(String version, Optional<Instant> since, Duration after) {
    Optional<Obstacle> obstacle(Instant now) {
      if (since.isEmpty()) {
        return Optional.of(new Obstacle(version + " is not applied", Optional.empty()));
      }
      return waiting(version + " has been in place", since.get(), after, now);
    }
  }

  /**
   * A relation of the old shape, as its counters show it.
   *
   * @param name kind and name
   * @param since when its counters have stood still; empty if nothing is known
   * @param unknown why nothing is known
   * @param unusedFor how long they have to
   */
  record OldShape(String name, Optional<Instant> since, String unknown, Duration unusedFor) {
    Optional<Obstacle> obstacle(Instant now) {
      if (since.isEmpty()) {
        return Optional.of(
            new Obstacle(
                "nothing shows that " + name + " is unused: " + unknown, Optional.empty()));
      }
      return waiting(name + " has been seen unused", since.get(), unusedFor, now);
    }
  }

  /** All that speaks against it, the answers of queries aside. */
  static List<Obstacle> obstacles(Instant now, NewShape newShape, List<OldShape> oldShapes) {
    List<Obstacle> obstacles = new ArrayList<>();
    newShape.obstacle(now).ifPresent(obstacles::add);
    oldShapes.forEach(shape -> shape.obstacle(now).ifPresent(obstacles::add));
    return List.copyOf(obstacles);
  }

  /** When nothing will speak against it any more; empty if that takes a person. */
  static Optional<Instant> possibleFrom(List<Obstacle> obstacles) {
    if (obstacles.isEmpty() || obstacles.stream().anyMatch(o -> o.until().isEmpty())) {
      return Optional.empty();
    }
    return obstacles.stream().flatMap(o -> o.until().stream()).max(Instant::compareTo);
  }

  private static Optional<Obstacle> waiting(
      String what, Instant since, Duration wanted, Instant now) {
    Instant until = since.plus(wanted);
    if (!now.isBefore(until)) {
      return Optional.empty();
    }
    Duration so = Duration.between(since, now);
    return Optional.of(
        new Obstacle(
            "%s since %s, for %s of %s"
                .formatted(
                    what,
                    Times.words(since),
                    Times.words(so.isNegative() ? Duration.ZERO : so),
                    Times.words(wanted)),
            Optional.of(until)));
  }
}
