package dev.tidemark.migrator.partition;

import java.time.Instant;

/** The tables that are cared for. */
enum PartitionedTable {
  USAGE_EVENTS("usage_events", "occurred_at", Width.WEEK, Guard.WATERMARKS),
  METERING_EVENTS("metering_events", "occurred_at", Width.MONTH, Guard.NONE),
  AUDIT_LOG_ENTRIES("audit_log_entries", "occurred_at", Width.MONTH, Guard.AUDIT_CHAIN),
  USAGE_SUMMARIES_HOUR("usage_summaries_hour", "window_start", Width.MONTH, Guard.NONE),
  USAGE_SUMMARIES_DAY("usage_summaries_day", "window_start", Width.MONTH, Guard.NONE),
  USAGE_SUMMARIES_MONTH("usage_summaries_month", "window_start", Width.MONTH, Guard.NONE);

  /** What a partition has to pass before it is retired. */
  enum Guard {
    /** Its age is enough. */
    NONE,
    /** Every consumer has landed every row of it. */
    WATERMARKS,
    /** No entry is to be kept any longer, and its part of every chain is whole. */
    AUDIT_CHAIN
  }

  private final String table;
  private final String timeColumn;
  private final Width width;
  private final Guard guard;

  PartitionedTable(String table, String timeColumn, Width width, Guard guard) {
    this.table = table;
    this.timeColumn = timeColumn;
    this.width = width;
    this.guard = guard;
  }

  String table() {
    return table;
  }

  String timeColumn() {
    return timeColumn;
  }

  Width width() {
    return width;
  }

  Guard guard() {
    return guard;
  }

  /** Where the configuration tells about it. */
  String settingsKey() {
    return "partitions." + table.replace('_', '-');
  }

  String defaultPartition() {
    return table + "_default";
  }

  /** The partition of the period that begins at {@code start}. */
  String partition(Instant start) {
    return table + "_" + width.suffix(start);
  }

  /** Makes the partition of one period, moves its rows there and gives their number. */
  String creation(Instant start) {
    return width == Width.WEEK
        ? "SELECT create_usage_event_partition('%s')".formatted(start)
        : "SELECT attach_month_partition('%s', '%s')".formatted(table, start);
  }
}
