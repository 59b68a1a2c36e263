package dev.tidemark.pipeline.source.postgres;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of blocks of one leaf partition.
 *
 * @param leaf the partition as SQL names it
 * @param fromBlock first block
 * @param toBlock block after the last
 * @param weight rows or blocks, for dividing the work
 */
record Slice(String leaf, long fromBlock, long toBlock, long weight) implements Serializable {
  /** Divides a leaf into slices of at most so many blocks. */
  static List<Slice> divide(String leaf, long blocks, long blocksEach) {
    List<Slice> slices = new ArrayList<>();
    for (long from = 0; from < blocks; from += blocksEach) {
      long to = Math.min(blocks, from + blocksEach);
      slices.add(new Slice(leaf, from, to, to - from));
    }
    return slices;
  }

  /** Packs neighbouring slices into tasks of about so much weight; order is kept. */
  static List<List<Slice>> pack(List<Slice> slices, long weightEach) {
    List<List<Slice>> tasks = new ArrayList<>();
    List<Slice> task = new ArrayList<>();
    long weight = 0;
    for (Slice slice : slices) {
      if (!task.isEmpty() && weight + slice.weight() > weightEach) {
        tasks.add(List.copyOf(task));
        task.clear();
        weight = 0;
      }
      task.add(slice);
      weight += slice.weight();
    }
    if (!task.isEmpty()) {
      tasks.add(List.copyOf(task));
    }
    return tasks;
  }
}
