package dev.tidemark.migrator.changeset;

import dev.tidemark.migrator.digest.Sha256;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One reversible step of a schema, as its folder tells it.
 *
 * @param version {@code YYYYMMDDHHMM}; versions order the change sets
 * @param description the rest of the folder's name, in snake_case
 * @param title one line for people
 * @param author who wrote it
 * @param reviewers who looked at it; may be empty
 * @param risk how much can go wrong
 * @param riskAssessment why it is that much, and what limits it
 * @param touchedTables what it changes
 * @param transactional whether all of it happens or nothing; false for statements that Postgres
 *     refuses inside a transaction
 * @param phase where it stands in an expand and contract change
 * @param expectedDuration how long it is expected to take on a database of production size
 * @param statementTimeout how long each of its statements may take; empty for what is configured,
 *     zero for as long as it likes
 * @param checks what has to hold around {@code apply}
 * @param rollbackChecks what has to hold around {@code rollback}
 * @param contract when the old shape may be taken away; empty unless the phase is contract
 * @param apply goes forward
 * @param rollback goes back to the state before, exactly
 * @param verify SELECTs that give one true boolean each after {@code apply} and the data steps
 * @param dataSteps what is done after {@code apply} in batches; may be empty
 * @param content the exact bytes of all that
 */
public record ChangeSet(
    String version,
    String description,
    String title,
    String author,
    List<String> reviewers,
    Risk risk,
    String riskAssessment,
    List<String> touchedTables,
    boolean transactional,
    Phase phase,
    Optional<Duration> expectedDuration,
    Optional<Duration> statementTimeout,
    Checks checks,
    Checks rollbackChecks,
    Optional<ContractTerms> contract,
    Script apply,
    Script rollback,
    Script verify,
    List<DataStep> dataSteps,
    Content content) {

  /** How much can go wrong. */
  public enum Risk {
    LOW,
    MEDIUM,
    HIGH
  }

  /** The phase of a change that old and new programs have to live through together. */
  public enum Phase {
    /** Adds what new programs need; old programs do not notice. */
    EXPAND,
    /** Moves data from the old shape to the new. */
    MIGRATE,
    /** Takes away what no program uses any more. */
    CONTRACT
  }

  /** The folder's name. */
  public String name() {
    return version + "_" + description;
  }

  /**
   * SHA-256 of the canonical statements that go forward, data steps included, in lower-case
   * hexadecimal. Comments and white space do not change it.
   */
  public String checksum() {
    if (dataSteps.isEmpty()) {
      return apply.checksum();
    }
    Sha256 digest = new Sha256();
    digest.add(apply.checksum());
    dataSteps.forEach(step -> digest.add(step.checksum()));
    return HexFormat.of().formatHex(digest.finish());
  }
}
