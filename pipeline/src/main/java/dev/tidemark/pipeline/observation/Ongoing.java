package dev.tidemark.pipeline.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A piece of work that goes on; told of when it ends. Used by one thread. */
public final class Ongoing implements Contention {
  private final Contention around;
  private final Work.Kind kind;
  private final String table;
  private final String part;
  private final Instant startedAt = Instant.now();
  private final long began = System.nanoTime();
  private final Map<Figure, Long> figures = new EnumMap<>(Figure.class);
  private final List<Work> parts = new ArrayList<>();
  private boolean nothing;

  /** What is done. */
  @FunctionalInterface
  public interface Doing<T, E extends Exception> {
    /** Does it, and says what it comes to. */
    T with(Ongoing work) throws E;
  }

  Ongoing(Contention around, Work.Kind kind, String table, String part) {
    this.around = around;
    this.kind = kind;
    this.table = table;
    this.part = part;
  }

  /** Adds to a figure. */
  public Ongoing add(Figure figure, long number) {
    figures.merge(figure, number, Math::addExact);
    return this;
  }

  /** Says that there was nothing to do, so that nobody is told. */
  public void nothing() {
    nothing = true;
  }

  @Override
  public void lost(String what, boolean again) {
    add(Figure.CONFLICTS, 1);
    if (again) {
      add(Figure.RETRIES, 1);
    }
    around.lost(what, again);
  }

  /** Does work that is a part of this. */
  public <T, E extends Exception> T during(
      Work.Kind partKind, String partTable, String name, Doing<T, E> work) throws E {
    Ongoing inner = new Ongoing((what, again) -> {}, partKind, partTable, name);
    try {
      T result = work.with(inner);
      inner.ended(null).ifPresent(parts::add);
      return result;
    } catch (Throwable e) { // Scala throws what it does not declare.
      inner.ended(e).ifPresent(parts::add);
      throw e;
    }
  }

  Optional<Work> ended(Throwable failure) {
    if (nothing && failure == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Work(
            kind,
            table,
            part,
            startedAt,
            Duration.ofNanos(System.nanoTime() - began),
            figures,
            Optional.ofNullable(failure),
            parts));
  }
}
