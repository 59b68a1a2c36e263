package dev.tidemark.benchmarks.generator;

import java.util.UUID;

/**
 * One delivery of an event, filled anew for each number by {@link EventSequence#fill}. Times are
 * microseconds since the epoch, UTC; money is nano-dollars.
 */
public final class Event {
  /** What {@link #latencyMillis} and {@link #timeToFirstTokenMillis} are where nobody measured. */
  public static final long NONE = -1;

  boolean redelivery;
  long idHigh;
  long idLow;
  long occurredAt;
  long receivedAt;
  int organization;
  int workspace;
  int user;
  int apiKey;
  int model;
  int status;
  long inputTokens;
  long cachedInputTokens;
  long outputTokens;
  long latencyMillis;
  long timeToFirstTokenMillis;
  long costNanoUsd;

  /** Whether the same event was delivered before; only the time of arrival is another then. */
  public boolean isRedelivery() {
    return redelivery;
  }

  /** The event's id. */
  public UUID id() {
    return new UUID(idHigh, idLow);
  }

  public long occurredAt() {
    return occurredAt;
  }

  public long receivedAt() {
    return receivedAt;
  }

  public UUID organizationId() {
    return Dimension.ORGANIZATION.id(organization);
  }

  /** Null for events outside of workspaces. */
  public UUID workspaceId() {
    return workspace < 0 ? null : Dimension.WORKSPACE.id(workspace);
  }

  public UUID userId() {
    return Dimension.USER.id(user);
  }

  public UUID apiKeyId() {
    return Dimension.API_KEY.id(apiKey);
  }

  public String provider() {
    return EventSequence.provider(model);
  }

  public String model() {
    return EventSequence.model(model);
  }

  public String operation() {
    return EventSequence.operation(model);
  }

  public String status() {
    return EventSequence.STATUSES.get(status);
  }

  public boolean isError() {
    return status > 0;
  }

  public long inputTokens() {
    return inputTokens;
  }

  public long cachedInputTokens() {
    return cachedInputTokens;
  }

  public long outputTokens() {
    return outputTokens;
  }

  /** {@link #NONE} where nobody measured it. */
  public long latencyMillis() {
    return latencyMillis;
  }

  /** {@link #NONE} where nobody measured it. */
  public long timeToFirstTokenMillis() {
    return timeToFirstTokenMillis;
  }

  public long costNanoUsd() {
    return costNanoUsd;
  }
}
