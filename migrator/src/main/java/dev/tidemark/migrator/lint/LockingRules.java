package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.LOCKING;
import static dev.tidemark.migrator.lint.Level.ERROR;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Change;
import dev.tidemark.migrator.trace.Kind;
import dev.tidemark.migrator.trace.LockMode;
import dev.tidemark.migrator.trace.StatementTrace.Outcome;
import dev.tidemark.migrator.trace.TableLock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Locks that others wait for while something long is done. */
final class LockingRules {
  private LockingRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
                "index-not-concurrent",
                LOCKING,
                ERROR,
                "use CREATE INDEX CONCURRENTLY in a change set with transactional = false; for a"
                    + " partitioned table, CREATE INDEX ON ONLY the parent, one CONCURRENTLY for"
                    + " each partition, then ALTER INDEX … ATTACH PARTITION",
                LockingRules::indexNotConcurrent)
            .onBigTables(),
        Rule.of(
            "index-drop-not-concurrent",
            LOCKING,
            WARNING,
            "use DROP INDEX CONCURRENTLY in a change set with transactional = false",
            LockingRules::indexDropNotConcurrent),
        Rule.of(
                "check-without-not-valid",
                LOCKING,
                ERROR,
                "add it with NOT VALID, and VALIDATE CONSTRAINT in the next change set, which lets"
                    + " reads and writes go on",
                step -> constraintWithoutNotValid(step, "c"))
            .onBigTables(),
        Rule.of(
                "foreign-key-without-not-valid",
                LOCKING,
                ERROR,
                "add it with NOT VALID, and VALIDATE CONSTRAINT in the next change set, which lets"
                    + " reads and writes go on",
                LockingRules::foreignKeyWithoutNotValid)
            .onBigTables(),
        Rule.of(
                "not-null-scan",
                LOCKING,
                ERROR,
                "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in the"
                    + " next change set, then SET NOT NULL (which reads nothing any more) and drop"
                    + " the check; from Postgres 18 on, ADD CONSTRAINT … NOT NULL column NOT VALID"
                    + " and validate it",
                LockingRules::notNullScan)
            .onBigTables(),
        Rule.of(
                "unique-builds-index",
                LOCKING,
                ERROR,
                "CREATE UNIQUE INDEX CONCURRENTLY in a change set of its own, then ADD CONSTRAINT"
                    + " … UNIQUE USING INDEX",
                step -> constraintBuildsIndex(step, "u"))
            .onBigTables(),
        Rule.of(
                "primary-key-builds-index",
                LOCKING,
                ERROR,
                "make the columns NOT NULL by way of a validated CHECK, CREATE UNIQUE INDEX"
                    + " CONCURRENTLY, then ADD CONSTRAINT … PRIMARY KEY USING INDEX",
                step -> constraintBuildsIndex(step, "p"))
            .onBigTables(),
        Rule.of(
                "primary-key-scan",
                LOCKING,
                ERROR,
                "make the columns NOT NULL first, by way of a validated CHECK; then ADD CONSTRAINT"
                    + " … PRIMARY KEY USING INDEX reads nothing",
                LockingRules::primaryKeyScan)
            .onBigTables(),
        Rule.of(
                "exclusion-builds-index",
                LOCKING,
                ERROR,
                "there is no way to add it without the lock: put it on a new table that rows are"
                    + " moved to, or check it in a trigger",
                step -> constraintBuildsIndex(step, "x"))
            .onBigTables(),
        Rule.of(
                "domain-constraint-scan",
                LOCKING,
                ERROR,
                "ALTER DOMAIN … ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in the next"
                    + " change set",
                LockingRules::domainConstraintScan)
            .onBigTables(),
        Rule.of(
                "validate-under-lock",
                LOCKING,
                ERROR,
                "put VALIDATE CONSTRAINT into the next change set: by itself it lets reads and"
                    + " writes go on",
                LockingRules::validateUnderLock)
            .onBigTables(),
        Rule.of(
                "long-statement-under-lock",
                LOCKING,
                ERROR,
                "put what is long and what takes the lock into change sets of their own, the long"
                    + " one first",
                LockingRules::longStatementUnderLock)
            .onBigTables(),
        Rule.of(
            "many-locks",
            LOCKING,
            WARNING,
            "one change set for each table, so that none waits for the next while it keeps others"
                + " waiting, and no deadlock can arise",
            LockingRules::manyLocks),
        Rule.of(
            "explicit-lock",
            LOCKING,
            WARNING,
            "leave LOCK TABLE out: each statement takes the weakest lock that it needs",
            LockingRules::explicitLock),
        Rule.of(
                "attach-partition-scan",
                LOCKING,
                ERROR,
                "give the table a validated CHECK that says the partition's bounds before it is"
                    + " attached, and drop the check afterwards",
                LockingRules::attachPartitionScan)
            .onBigTables(),
        Rule.of(
                "default-partition-scan",
                LOCKING,
                ERROR,
                "give the default partition a validated CHECK that excludes the new partition's"
                    + " bounds before",
                LockingRules::defaultPartitionScan)
            .onBigTables(),
        Rule.of(
            "create-partition-of",
            LOCKING,
            WARNING,
            "CREATE TABLE … (LIKE parent), then ALTER TABLE parent ATTACH PARTITION, which lets"
                + " reads and writes of the parent go on",
            LockingRules::createPartitionOf),
        Rule.of(
            "detach-not-concurrent",
            LOCKING,
            WARNING,
            "ALTER TABLE … DETACH PARTITION … CONCURRENTLY in a change set with transactional ="
                + " false",
            LockingRules::detachNotConcurrent),
        Rule.of(
                "refresh-not-concurrent",
                LOCKING,
                ERROR,
                "REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index on the view",
                LockingRules::refreshNotConcurrent)
            .onBigTables(),
        Rule.of(
                "reindex-not-concurrent",
                LOCKING,
                ERROR,
                "REINDEX … CONCURRENTLY in a change set with transactional = false",
                LockingRules::reindexNotConcurrent)
            .onBigTables(),
        Rule.of(
            "needs-no-transaction",
            LOCKING,
            ERROR,
            "put it into a change set of its own with transactional = false",
            step ->
                step.has(Outcome.REFUSED_IN_TRANSACTION)
                    ? Stream.of(
                        step.hit(
                            "Postgres refuses the statement inside a transaction: %s",
                            step.at().explanation()))
                    : Stream.of()),
        Rule.of(
                "repeated-scan",
                LOCKING,
                WARNING,
                "do it in one ALTER TABLE with several actions, which reads or writes the table"
                    + " once",
                LockingRules::repeatedScan)
            .onBigTables());
  }

  private static Stream<Hit> indexNotConcurrent(Step step) {
    return step.fresh(Kind.INDEX)
        .filter(step::isOnOldTable)
        .filter(index -> index.attribute("constraint").isEmpty() && !index.is("inherited"))
        .filter(index -> step.scanned(index.parent()) && step.blocksWrites(index.parent()))
        .map(
            index ->
                step.hit(
                    index.parent(),
                    "Building index %s reads all of %s",
                    index.name(),
                    step.name(index.parent())));
  }

  private static Stream<Hit> indexDropNotConcurrent(Step step) {
    return step.gone(Kind.INDEX)
        .filter(index -> step.isOld(index) && step.isOnOldTable(index))
        .filter(index -> index.attribute("constraint").isEmpty() && !index.is("inherited"))
        .filter(index -> step.removed(Kind.COLUMN).noneMatch(c -> c.parent() == index.parent()))
        .filter(index -> step.blocksReads(index.parent()))
        .map(
            index ->
                step.hit(
                    index.parent(),
                    "Dropping index %s waits for every query on %s, and all others wait behind it",
                    index.name(),
                    step.name(index.parent())));
  }

  private static Stream<CatalogueObject> validConstraints(Step step, String type) {
    return step.fresh(Kind.CONSTRAINT)
        .filter(step::isOnOldTable)
        .filter(constraint -> constraint.text("type").equals(type))
        .filter(constraint -> constraint.is("validated") && !constraint.is("inherited"));
  }

  private static Stream<Hit> constraintWithoutNotValid(Step step, String type) {
    return validConstraints(step, type)
        .filter(constraint -> step.scanned(constraint.parent()))
        .map(
            constraint ->
                step.hit(
                    constraint.parent(),
                    "Constraint %s is checked against every row of %s",
                    constraint.name(),
                    step.name(constraint.parent())));
  }

  /** A column that is added with its foreign key and without a default needs no check. */
  private static Stream<Hit> foreignKeyWithoutNotValid(Step step) {
    return validConstraints(step, "f")
        .filter(
            key ->
                step.scanned(key.parent())
                    || Step.columns(key).stream()
                        .anyMatch(part -> step.before().column(key.parent(), part).isPresent()))
        .map(
            key ->
                step.hit(
                    key.parent(),
                    "Foreign key %s is checked for every row of %s while %s is locked too",
                    key.name(),
                    step.name(key.parent()),
                    step.name(key.number("referenced"))));
  }

  private static Stream<Change> becomingNotNull(Step step) {
    return step.changed(Kind.COLUMN)
        .filter(change -> step.isOnOldTable(change.after()) && step.isOld(change.after()))
        .filter(change -> change.becomes("not_null"));
  }

  private static boolean addsPrimaryKey(Step step, long table) {
    return step.fresh(Kind.CONSTRAINT)
        .anyMatch(added -> added.parent() == table && added.text("type").equals("p"));
  }

  private static Stream<Hit> notNullScan(Step step) {
    return becomingNotNull(step)
        .filter(change -> !addsPrimaryKey(step, change.after().parent()))
        .filter(change -> step.at().activity(change.after().parent()).scans() > 0)
        .map(
            change ->
                step.hit(
                    change.after().parent(),
                    "Every row of %s is read to see that %s is not null; one null makes it fail",
                    step.name(change.after().parent()),
                    change.after().name()));
  }

  private static Stream<Hit> constraintBuildsIndex(Step step, String type) {
    return step.fresh(Kind.CONSTRAINT)
        .filter(step::isOnOldTable)
        .filter(constraint -> constraint.text("type").equals(type))
        .filter(constraint -> !constraint.is("inherited"))
        .filter(constraint -> step.before().find(Kind.INDEX, constraint.number("index")).isEmpty())
        .map(
            constraint ->
                step.hit(
                    constraint.parent(),
                    "Constraint %s builds its index on %s",
                    constraint.name(),
                    step.name(constraint.parent())));
  }

  private static Stream<Hit> primaryKeyScan(Step step) {
    return becomingNotNull(step)
        .map(change -> change.after().parent())
        .distinct()
        .filter(table -> addsPrimaryKey(step, table))
        .filter(
            table ->
                step.fresh(Kind.CONSTRAINT)
                    .filter(key -> key.parent() == table && key.text("type").equals("p"))
                    .anyMatch(
                        key -> step.before().find(Kind.INDEX, key.number("index")).isPresent()))
        .filter(table -> step.at().activity(table).scans() > 0)
        .map(
            table ->
                step.hit(
                    table,
                    "The primary key makes columns of %s NOT NULL, and every row is read for it",
                    step.name(table)));
  }

  private static Stream<Hit> domainConstraintScan(Step step) {
    return Stream.concat(
            step.fresh(Kind.CONSTRAINT),
            step.changed(Kind.DOMAIN)
                .filter(change -> change.becomes("not_null"))
                .map(Change::after))
        .filter(
            object ->
                step.before().find(Kind.DOMAIN, object.parent()).isPresent()
                    || object.kind() == Kind.DOMAIN)
        .flatMap(
            object ->
                step.heavyOn()
                    .map(
                        table ->
                            step.hit(
                                table,
                                "The rule for a domain is checked against every row of %s, which"
                                    + " uses it",
                                step.name(table))));
  }

  private static Stream<Hit> validateUnderLock(Step step) {
    return validated(step)
        .flatMap(
            change ->
                lockInTheWay(step)
                    .map(
                        held ->
                            step.hitSizedBy(
                                change.after().parent(),
                                held.relation(),
                                "%s is validated against every row of %s while the transaction"
                                    + " still holds %s on %s",
                                change.after().name(),
                                step.name(change.after().parent()),
                                held.mode().words(),
                                step.name(held.relation())))
                    .stream());
  }

  private static Stream<Change> validated(Step step) {
    return step.changed(Kind.CONSTRAINT)
        .filter(change -> step.isOnOldTable(change.after()))
        .filter(change -> change.becomes("validated"));
  }

  private static Optional<TableLock> lockInTheWay(Step step) {
    return step.heldFromWriters().stream().findFirst();
  }

  private static Stream<Hit> longStatementUnderLock(Step step) {
    if (validated(step).findAny().isPresent()) {
      return Stream.of();
    }
    return step.heavyOn()
        .limit(1)
        .flatMap(
            table ->
                lockInTheWay(step)
                    .map(
                        held ->
                            step.hitSizedBy(
                                table,
                                held.relation(),
                                "It goes through %s while the transaction still holds %s on %s",
                                step.name(table),
                                held.mode().words(),
                                step.name(held.relation())))
                    .stream());
  }

  /** Once for a script: where the second table is locked. */
  private static Stream<Hit> manyLocks(Step step) {
    Set<Long> held =
        step.heldFromWriters().stream()
            .map(TableLock::relation)
            .collect(java.util.stream.Collectors.toSet());
    if (held.isEmpty()) {
      return Stream.of();
    }
    boolean already =
        step.trace().statements().stream()
            .limit(step.at().number() - 1)
            .anyMatch(earlier -> locksAnother(step, earlier.held(), earlier.taken()));
    return already || !locksAnother(step, step.at().held(), step.at().taken())
        ? Stream.of()
        : step.at().taken().stream()
            .filter(lock -> isOldTable(step, lock) && lock.mode().blocksWrites())
            .filter(lock -> !held.contains(lock.relation()))
            .limit(1)
            .map(
                lock ->
                    step.hit(
                        lock.relation(),
                        "It locks %s while the transaction still holds locks on %s",
                        step.name(lock.relation()),
                        held.stream().map(step::name).sorted().findFirst().orElseThrow()));
  }

  private static boolean locksAnother(Step step, List<TableLock> held, List<TableLock> taken) {
    Set<Long> before =
        held.stream()
            .filter(lock -> isOldTable(step, lock) && lock.mode().blocksWrites())
            .map(lock -> root(step, lock.relation()))
            .collect(java.util.stream.Collectors.toSet());
    return !before.isEmpty()
        && taken.stream()
            .filter(lock -> isOldTable(step, lock) && lock.mode().blocksWrites())
            .anyMatch(lock -> !before.contains(root(step, lock.relation())));
  }

  private static boolean isOldTable(Step step, TableLock lock) {
    return step.trace().before().find(Kind.TABLE, lock.relation()).isPresent();
  }

  private static long root(Step step, long table) {
    long parent =
        step.trace().before().find(Kind.TABLE, table).map(t -> t.number("parent_table")).orElse(0L);
    return parent == 0 ? table : root(step, parent);
  }

  private static Stream<Hit> explicitLock(Step step) {
    if (step.changesCatalogue() || !step.at().activity().isEmpty()) {
      return Stream.of();
    }
    return step.at().taken().stream()
        .filter(lock -> isOldTable(step, lock) && lock.mode().blocksWrites())
        .limit(1)
        .map(
            lock ->
                step.hit(
                    lock.relation(),
                    "It only locks %s, until the end of the transaction",
                    step.name(lock.relation())));
  }

  private static Stream<CatalogueObject> attached(Step step) {
    return step.changed(Kind.TABLE)
        .filter(change -> change.becomes("partition"))
        .map(Change::after);
  }

  private static Stream<Hit> attachPartitionScan(Step step) {
    return attached(step)
        .filter(table -> step.isOld(table.id()) && step.scanned(table.id()))
        .map(
            table ->
                step.hit(
                    table.id(),
                    "Every row of %s is read to see that it fits the partition",
                    table.name()));
  }

  private static Stream<Hit> defaultPartitionScan(Step step) {
    return Stream.concat(
            attached(step), step.added(Kind.TABLE).filter(table -> table.is("partition")))
        .flatMap(
            partition ->
                step.before()
                    .all(Kind.TABLE)
                    .filter(other -> other.is("partition") && step.isOld(other.id()))
                    .filter(
                        other -> other.number("parent_table") == partition.number("parent_table"))
                    .filter(other -> step.at().activity(other.id()).scans() > 0)
                    .map(
                        other ->
                            step.hit(
                                other.id(),
                                "Every row of the default partition %s is read to see that none"
                                    + " belongs to %s",
                                other.name(),
                                partition.name())));
  }

  private static Stream<Hit> createPartitionOf(Step step) {
    return step.added(Kind.TABLE)
        .filter(table -> table.is("partition") && step.isOld(table.number("parent_table")))
        .filter(
            table ->
                step.at()
                    .lock(table.number("parent_table"))
                    .filter(LockMode::blocksReads)
                    .isPresent())
        .map(
            table ->
                step.hit(
                    table.number("parent_table"),
                    "Making %s as a partition waits for every query on %s, and all others wait"
                        + " behind it",
                    table.name(),
                    step.name(table.number("parent_table"))));
  }

  private static Stream<Hit> detachNotConcurrent(Step step) {
    return step.changed(Kind.TABLE)
        .filter(change -> change.ceases("partition"))
        .filter(change -> step.isOld(change.before().number("parent_table")))
        .filter(
            change ->
                step.at()
                    .lock(change.before().number("parent_table"))
                    .filter(LockMode::blocksReads)
                    .isPresent())
        .map(
            change ->
                step.hit(
                    change.before().number("parent_table"),
                    "Detaching %s waits for every query on %s, and all others wait behind it",
                    change.before().name(),
                    step.name(change.before().number("parent_table"))));
  }

  private static Stream<Hit> refreshNotConcurrent(Step step) {
    return step.changed(Kind.MATERIALIZED_VIEW)
        .filter(change -> step.isOld(change.after().id()) && step.at().rewrote(change.after().id()))
        .filter(change -> step.blocksReads(change.after().id()))
        .map(
            change ->
                step.hit(
                    change.after().id(),
                    "Nobody can read %s while its query runs",
                    change.after().name()));
  }

  private static Stream<Hit> reindexNotConcurrent(Step step) {
    return step.changed(Kind.INDEX)
        .filter(change -> step.at().rewrote(change.after().id()))
        .map(change -> change.after().parent())
        .distinct()
        .filter(table -> step.isOld(table) && !step.at().rewrote(table))
        .filter(
            table ->
                step.changed(Kind.COLUMN).noneMatch(change -> change.after().parent() == table))
        .filter(table -> step.scanned(table) && step.blocksWrites(table))
        .map(table -> step.hit(table, "Indexes of %s are built anew", step.name(table)));
  }

  private static Stream<Hit> repeatedScan(Step step) {
    if (!step.changesCatalogue() || !step.trace().transactional()) {
      return Stream.of();
    }
    return step.heavyOn()
        .filter(
            table ->
                step.trace().statements().stream()
                    .limit(step.at().number() - 1)
                    .anyMatch(
                        earlier ->
                            earlier.activity(table).scans() > 0
                                && earlier.before() != earlier.after()))
        .limit(1)
        .map(
            table ->
                step.hit(
                    table,
                    "%s is gone through again, after an earlier statement did so",
                    step.name(table)));
  }
}
