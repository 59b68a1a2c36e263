package dev.tidemark.migrator.state;

import java.util.Optional;

/**
 * The script of a change set that is about to be run.
 *
 * @param changeSet its version
 * @param description its description
 * @param script apply or rollback
 * @param checksum the script's canonical checksum
 * @param statements how many statements it has
 * @param transactional whether all of it happens or nothing
 * @param session the session that executes it
 * @param catalogue what the catalogue holds before, one line an object; empty where a transaction
 *     sees to it that nothing is left
 */
public record RunStart(
    String changeSet,
    String description,
    ScriptKind script,
    String checksum,
    int statements,
    boolean transactional,
    Session session,
    Optional<String> catalogue) {}
