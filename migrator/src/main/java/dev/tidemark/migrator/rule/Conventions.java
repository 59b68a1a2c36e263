package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import java.util.List;
import java.util.Set;

/** Names and types that the rules go by. */
final class Conventions {
  /** Tells which organization a row belongs to. */
  static final String TENANT_COLUMN = "organization_id";

  /** The tenants themselves. */
  static final String TENANTS = "organizations";

  /** Roles that see every tenant; all others see one. */
  static final Set<String> ACROSS_TENANTS =
      Set.of("tidemark_extraction", "tidemark_migration", "tidemark_seeding");

  private Conventions() {}

  static boolean isTenantTable(Table table) {
    return table.name().name().equals(TENANTS) || table.column(TENANT_COLUMN).isPresent();
  }

  /** Whether its rows are never updated: a trigger refuses it. */
  static boolean isAppendOnly(Table table) {
    return table.triggers().stream()
        .anyMatch(
            t -> t.onUpdate() && t.function().name().matches("refuse_(\\w+_)?(change|update)s?"));
  }

  /** Whether it lists the values that other tables choose from. */
  static boolean isLookupTable(Table table) {
    return table.primaryKey().map(key -> key.columns().equals(List.of("code"))).orElse(false);
  }

  static boolean isText(String type) {
    return type.matches("(text|character varying|character|citext|name|jsonb?|xml)\\b.*");
  }

  /** A plural word in singular, as names of columns use it. */
  static String singular(String plural) {
    if (plural.endsWith("ies")) {
      return plural.substring(0, plural.length() - 3) + "y";
    }
    if (plural.matches(".*(ss|sh|ch|x|z|us)es")) {
      return plural.substring(0, plural.length() - 2);
    }
    return plural.endsWith("s") ? plural.substring(0, plural.length() - 1) : plural;
  }
}
