package dev.tidemark.migrator.monitoring;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The names of what is told. Those that do not begin with {@code tidemark} are OpenTelemetry's
 * semantic conventions for databases and errors.
 */
final class Names {
  /** Of tracer and meter. */
  static final String SCOPE = "dev.tidemark.migrator";

  static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
  static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("db.namespace");
  static final AttributeKey<String> COMMAND = AttributeKey.stringKey("db.operation.name");
  static final AttributeKey<String> SQL_STATE = AttributeKey.stringKey("db.response.status_code");
  static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  static final AttributeKey<String> OPERATION = AttributeKey.stringKey("tidemark.operation");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tidemark.outcome");
  static final AttributeKey<String> SCRIPT = AttributeKey.stringKey("tidemark.script");
  static final AttributeKey<Long> RUN = AttributeKey.longKey("tidemark.run.id");
  static final AttributeKey<String> VERSION = AttributeKey.stringKey("tidemark.change_set.version");
  static final AttributeKey<String> DESCRIPTION =
      AttributeKey.stringKey("tidemark.change_set.description");
  static final AttributeKey<String> CHECKSUM =
      AttributeKey.stringKey("tidemark.change_set.checksum");
  static final AttributeKey<Boolean> TRANSACTIONAL =
      AttributeKey.booleanKey("tidemark.change_set.transactional");
  static final AttributeKey<Long> STATEMENTS =
      AttributeKey.longKey("tidemark.change_set.statements");
  static final AttributeKey<List<String>> TABLES =
      AttributeKey.stringArrayKey("tidemark.change_set.tables");
  static final AttributeKey<Long> NUMBER = AttributeKey.longKey("tidemark.statement.number");
  static final AttributeKey<String> HASH = AttributeKey.stringKey("tidemark.statement.hash");
  static final AttributeKey<Long> ROWS = AttributeKey.longKey("tidemark.statement.affected_rows");
  static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("tidemark.statement.attempts");
  static final AttributeKey<Double> LOCK_WAIT =
      AttributeKey.doubleKey("tidemark.statement.lock_wait_seconds");

  private Names() {}
}
