package dev.tidemark.migrator.approval;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How much approval is wanted.
 *
 * @param required whether a change set is executed only with it
 * @param expireAfter how long an approval counts for apply
 * @param people the identities of those who may approve; empty for anybody
 * @param distinctRoles whether two people must have logged in with two database roles
 * @param breakGlass whether somebody may go without, with a reason
 */
record ApprovalSettings(
    boolean required,
    Duration expireAfter,
    Set<String> people,
    boolean distinctRoles,
    boolean breakGlass) {
  static ApprovalSettings of(Config config) {
    return new ApprovalSettings(
        Settings.value(
            config, "migrate.approvals.required", c -> c.getBoolean("migrate.approvals.required")),
        Settings.duration(config, "migrate.approvals.expire-after"),
        Settings.value(
                config,
                "migrate.approvals.people",
                c -> c.getStringList("migrate.approvals.people"))
            .stream()
            .map(Decision::identity)
            .collect(Collectors.toSet()),
        Settings.value(
            config,
            "migrate.approvals.distinct-roles",
            c -> c.getBoolean("migrate.approvals.distinct-roles")),
        Settings.value(
            config,
            "migrate.approvals.break-glass",
            c -> c.getBoolean("migrate.approvals.break-glass")));
  }

  boolean mayApprove(String identity) {
    return people.isEmpty() || people.contains(identity);
  }
}
