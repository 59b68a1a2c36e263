package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import java.util.List;
import java.util.stream.Stream;

/**
 * A constraint's name is read in an error message: it begins with its table and says what holds.
 */
final class ConstraintName extends TableRule {
  private static final int LONGEST_NAME = 63;

  ConstraintName() {
    super("naming.constraint");
  }

  @Override
  Stream<Finding> findings(Table table) {
    return table.constraints().stream().flatMap(constraint -> findings(table, constraint));
  }

  private Stream<Finding> findings(Table table, Constraint constraint) {
    List<String> wanted = wanted(table.name().name(), constraint);
    boolean anyName = wanted.stream().anyMatch(pattern -> matches(constraint.name(), pattern));
    if (anyName) {
      return Stream.empty();
    }
    return Stream.of(
        finding(
            table.name(),
            "The constraint %s is not named as its kind is".formatted(constraint.name()),
            "name it " + String.join(" or ", wanted).replace("*", "<what must hold>")));
  }

  private static List<String> wanted(String table, Constraint constraint) {
    List<String> columns = constraint.columns();
    String all = String.join("_", columns);
    return switch (constraint.kind()) {
      case PRIMARY_KEY -> List.of(table + "_pkey");
      case UNIQUE -> List.of(table + "_" + all + "_key");
      case FOREIGN_KEY ->
          columns.size() == 1
              ? List.of(table + "_" + all + "_fkey")
              : List.of(
                  table + "_" + columns.get(columns.size() - 1) + "_fkey",
                  table + "_" + all + "_fkey");
      case CHECK -> List.of(table + "_*");
      case EXCLUSION -> List.of(table + "_*_excl");
    };
  }

  /** Postgres cuts names off; what is left must be a beginning of the name that was meant. */
  private static boolean matches(String name, String pattern) {
    int star = pattern.indexOf('*');
    if (star >= 0) {
      return name.startsWith(pattern.substring(0, star))
          && name.endsWith(pattern.substring(star + 1));
    }
    return name.equals(pattern)
        || pattern.length() > LONGEST_NAME && name.startsWith(pattern.substring(0, 40));
  }
}
