package dev.tidemark.pipeline.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the lake knows of a source.
 *
 * @param lake path of the lake
 * @param landedTableId identity of the table into which is landed
 * @param landedTableVersion its version
 * @param epoch the epoch of the last landing, or a new one where the lake was turned back since; 0
 *     if there was none
 * @param landedVersions number of the last landing by epoch
 * @param landings the landings that took place, oldest first, over all epochs
 * @param files all files that any file source has landed
 * @param lakeHistory which history of its tables the lake has, for the ledger
 */
public record SourceProgress(
    String lake,
    String landedTableId,
    long landedTableVersion,
    long epoch,
    Map<Long, Long> landedVersions,
    List<SnapshotLanding> landings,
    List<InputFile> files,
    String lakeHistory) {

  /**
   * A landing from a database that took place.
   *
   * @param epoch its epoch
   * @param version its number within the epoch
   * @param input snapshot and token
   */
  public record SnapshotLanding(long epoch, long version, LandingInput.Snapshot input) {}

  /** Number of the last landing in an epoch; 0 if there was none. */
  public long landedVersion(long ofEpoch) {
    return landedVersions.getOrDefault(ofEpoch, 0L);
  }

  /** The last landing from a database. */
  public Optional<SnapshotLanding> lastLanding() {
    return landings.isEmpty() ? Optional.empty() : Optional.of(landings.get(landings.size() - 1));
  }
}
