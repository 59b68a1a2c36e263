package dev.tidemark.migrator.monitoring;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.RunStart;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes spans and metrics of an operation: a span for the operation, within it one for each script
 * of a change set, within that one for each statement. Neither the text of a statement nor what
 * Postgres says about it is told, as both may hold values; number and hash lead to them in change
 * set and journal.
 */
public final class OperationTelemetry implements OperationObserver {
  private final Tracer tracer;
  private final Instruments instruments;
  private final Context parent;
  private Attributes database = Attributes.empty();
  private Open operation;
  private Open run;
  private Open statement;

  /** A span that has not ended, and what its metrics are told with. */
  private record Open(Span span, Context context, Attributes attributes, long startedAt) {
    private double seconds() {
      return (System.nanoTime() - startedAt) / 1e9;
    }
  }

  /**
   * Telemetry of operations that come one after the other.
   *
   * @param parent the span that each of them is part of, if it holds one
   */
  public OperationTelemetry(OpenTelemetry api, Context parent) {
    this.tracer = api.getTracer(Names.SCOPE);
    this.instruments = new Instruments(api.getMeter(Names.SCOPE));
    this.parent = parent;
  }

  @Override
  public void progress(String line) {
    // For people.
  }

  @Override
  public void notice(String line) {
    // For people; it may quote other sessions' queries.
  }

  @Override
  public void operationBegins(OperationKind kind, Database where) {
    database = attributes(where);
    Attributes attributes = Attributes.of(Names.OPERATION, word(kind));
    operation = open("migrate " + word(kind), SpanKind.INTERNAL, parent, attributes);
    operation.span().setAllAttributes(database);
  }

  @Override
  public void operationEnds(Optional<Throwable> failure) {
    Optional<String> error = failure.map(OperationTelemetry::error);
    if (statement != null) {
      statementEnds("unknown", error);
    }
    if (run != null) {
      runEnds("unknown", error);
    }
    Attributes attributes = with(operation.attributes(), failed(error), error);
    instruments.operations.record(operation.seconds(), attributes, operation.context());
    error.ifPresent(code -> instruments.failures.add(1, attributes, operation.context()));
    end(operation, error);
    operation = null;
  }

  @Override
  public void runBegins(long number, RunStart start, List<String> tables) {
    Attributes attributes =
        operation.attributes().toBuilder().put(Names.SCRIPT, word(start.script())).build();
    run =
        open(
            word(start.script()) + " change set",
            SpanKind.INTERNAL,
            operation.context(),
            attributes);
    run.span()
        .setAllAttributes(database)
        .setAttribute(Names.RUN, number)
        .setAttribute(Names.VERSION, start.changeSet())
        .setAttribute(Names.DESCRIPTION, start.description())
        .setAttribute(Names.CHECKSUM, start.checksum())
        .setAttribute(Names.STATEMENTS, (long) start.statements())
        .setAttribute(Names.TRANSACTIONAL, start.transactional())
        .setAttribute(Names.TABLES, tables);
  }

  @Override
  public void runEnds(RunOutcome outcome) {
    runEnds(
        word(outcome), outcome == RunOutcome.DONE ? Optional.empty() : Optional.of(word(outcome)));
  }

  private void runEnds(String outcome, Optional<String> error) {
    instruments.runs.record(run.seconds(), with(run.attributes(), outcome, error), run.context());
    run.span().setAttribute(Names.OUTCOME, outcome);
    end(run, error);
    run = null;
  }

  @Override
  public void statementBegins(StatementStart start, String command) {
    Attributes attributes =
        database.toBuilder()
            .put(Names.OPERATION, operation.attributes().get(Names.OPERATION))
            .put(Names.SCRIPT, word(start.script()))
            .put(Names.COMMAND, command)
            .build();
    statement = open(name(start, command), SpanKind.CLIENT, run.context(), attributes);
    statement
        .span()
        .setAttribute(Names.NUMBER, (long) start.number())
        .setAttribute(Names.HASH, start.hash());
  }

  private static String name(StatementStart start, String command) {
    return start.script() == ScriptKind.VERIFY ? "verify " + command : command;
  }

  @Override
  public void statementEnds(StatementEnd end) {
    Span span = statement.span();
    double lockWait = end.lockWait().toNanos() / 1e9;
    end.rows().ifPresent(rows -> span.setAttribute(Names.ROWS, rows));
    span.setAttribute(Names.ATTEMPTS, (long) end.attempts());
    span.setAttribute(Names.LOCK_WAIT, lockWait);
    end.sqlState().ifPresent(state -> span.setAttribute(Names.SQL_STATE, state));

    Attributes attributes = statement.attributes();
    if (lockWait > 0) {
      instruments.lockWaits.record(lockWait, attributes, statement.context());
    }
    if (end.attempts() > 1) {
      instruments.retries.add(end.attempts() - 1L, attributes, statement.context());
    }
    end.rows().ifPresent(rows -> instruments.rows.add(rows, attributes, statement.context()));
    Optional<String> error =
        end.done() ? Optional.empty() : end.sqlState().or(() -> Optional.of("not_true"));
    statementEnds(failed(error), error);
  }

  private void statementEnds(String outcome, Optional<String> error) {
    Attributes attributes = with(statement.attributes(), outcome, error);
    instruments.statements.add(1, attributes, statement.context());
    // The convention knows no outcome but error.type.
    AttributesBuilder conventional = statement.attributes().toBuilder();
    error.ifPresent(type -> conventional.put(Names.ERROR, type));
    instruments.statementTimes.record(
        statement.seconds(), conventional.build(), statement.context());
    end(statement, error);
    statement = null;
  }

  private Open open(String name, SpanKind kind, Context within, Attributes attributes) {
    Span span =
        tracer
            .spanBuilder(name)
            .setParent(within)
            .setSpanKind(kind)
            .setAllAttributes(attributes)
            .startSpan();
    return new Open(span, within.with(span), attributes, System.nanoTime());
  }

  private static void end(Open open, Optional<String> error) {
    error.ifPresent(
        type -> open.span().setStatus(StatusCode.ERROR, type).setAttribute(Names.ERROR, type));
    open.span().end();
  }

  private static Attributes with(Attributes attributes, String outcome, Optional<String> error) {
    AttributesBuilder builder = attributes.toBuilder().put(Names.OUTCOME, outcome);
    error.ifPresent(type -> builder.put(Names.ERROR, type));
    return builder.build();
  }

  private static String failed(Optional<String> error) {
    return error.isPresent() ? "failed" : "done";
  }

  /** A stable code where there is one: messages may hold values. */
  private static String error(Throwable failure) {
    return failure instanceof UserFailure known ? known.code() : failure.getClass().getName();
  }

  private static Attributes attributes(Database database) {
    AttributesBuilder attributes = Attributes.builder().put(Names.SYSTEM, "postgresql");
    // Of a URL with several hosts, only Postgres's driver knows which it took.
    URI uri = URI.create(database.address().substring("jdbc:".length()).replace(" ", "%20"));
    if (uri.getHost() != null) {
      attributes.put(Names.SERVER, uri.getHost());
      attributes.put(Names.PORT, uri.getPort() < 0 ? 5432L : uri.getPort());
    }
    if (uri.getPath() != null && uri.getPath().length() > 1) {
      attributes.put(Names.NAMESPACE, uri.getPath().substring(1));
    }
    return attributes.build();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
