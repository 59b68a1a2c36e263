package dev.tidemark.pipeline.status;

import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.runs.EndedRun;
import dev.tidemark.pipeline.runs.UnendedRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a pipeline is: what is behind, what failed, what waits, and what to do.
 *
 * @param lake its folder or URI
 * @param landedVersion newest version of {@code usage_events}
 * @param consumedVersion the version that the hours equal; -1 for none
 * @param hoursWaiting hours that landed events wait to be rolled up into
 * @param daysWaiting days whose hours changed since they were added up
 * @param waitingInSource rows that wait to be landed; empty where nobody can tell
 * @param heldHours hours that are held back from readers, and from their days
 * @param lastEventAt when the latest landed event happened, to the millisecond; empty for none
 * @param dataAsOf everything that the sources held at this time is in the rollups; empty where no
 *     run has proved it
 * @param quarantined refused events
 * @param changeSets versions of the lake change sets that were applied, in order
 * @param lastRuns the newest run of each command
 * @param unended runs that have not ended
 * @param source how it is with the source, in a word or two
 * @param actions what to do, the most pressing first; empty for nothing
 */
public record PipelineStatus(
    String lake,
    long landedVersion,
    long consumedVersion,
    int hoursWaiting,
    int daysWaiting,
    OptionalLong waitingInSource,
    long heldHours,
    Optional<Instant> lastEventAt,
    Optional<Instant> dataAsOf,
    long quarantined,
    List<Long> changeSets,
    List<EndedRun> lastRuns,
    List<UnendedRun> unended,
    String source,
    List<PipelineWarning> actions) {}
