package dev.tidemark.migrator.trace;

import java.util.Locale;

/** What an object of a schema is. */
public enum Kind {
  SCHEMA,
  TABLE,
  SEQUENCE,
  VIEW,
  MATERIALIZED_VIEW,
  COMPOSITE_TYPE,
  COLUMN,
  CONSTRAINT,
  INDEX,
  TRIGGER,
  POLICY,
  FUNCTION,
  ENUM,
  ENUM_VALUE,
  DOMAIN,
  RANGE,
  EXTENSION,
  ROLE,
  DEFAULT_GRANTS,
  /** A parameter of the session, such as {@code lock_timeout}. */
  SETTING;

  /** For people: {@code materialized view}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
