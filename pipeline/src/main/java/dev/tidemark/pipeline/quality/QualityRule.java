package dev.tidemark.pipeline.quality;

import java.time.Duration;

/**
 * One rule.
 *
 * @param name its name, unique among all rules
 * @param description for people; empty for none
 * @param severity what becomes of what breaks it
 * @param check what must hold
 * @param place where it stands, for messages
 */
public record QualityRule(
    String name, String description, Severity severity, Check check, String place) {

  /** What must hold. */
  public sealed interface Check {
    /** The check in a few words. */
    String text();
  }

  /** A condition in SQL, of one event or of the sums of one hour. */
  public sealed interface Condition extends Check {
    /** The condition. */
    String sql();
  }

  /**
   * A condition that each event keeps to.
   *
   * @param sql over the columns of an event
   */
  public record EventCondition(String sql) implements Condition {
    @Override
    public String text() {
      return "each event: " + sql;
    }
  }

  /**
   * A condition that each hour keeps to.
   *
   * @param sql over the sums of an hour
   */
  public record HourCondition(String sql) implements Condition {
    @Override
    public String text() {
      return "each hour: " + sql;
    }
  }

  /**
   * The newest event is not older than this.
   *
   * @param most the greatest age
   */
  public record Freshness(Duration most) implements Check {
    @Override
    public String text() {
      return "the newest event is at most " + most + " old";
    }
  }

  /**
   * A figure of an hour is about what it was in the same hour of past weeks.
   *
   * @param measure {@code requests} or {@code error_rate}
   * @param weeks how far to look back
   * @param leastWeeks how many of these weeks must have the hour; with fewer there is no verdict
   * @param threshold score from which on a figure is unusual
   * @param floor the least spread
   * @param direction whether low figures, high ones or both are unusual
   */
  public record Anomaly(
      String measure,
      int weeks,
      int leastWeeks,
      double threshold,
      double floor,
      Direction direction)
      implements Check {
    @Override
    public String text() {
      return "%s of an hour as in the same hour of the last %d weeks (%s, threshold %s)"
          .formatted(measure, weeks, direction.label(), threshold);
    }
  }

  /** Which figures are unusual. */
  public enum Direction {
    /** Those below what is usual. */
    LOW,
    /** Those above. */
    HIGH,
    /** Either. */
    BOTH;

    /** The word in configuration. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    boolean isUnusual(double score, double threshold) {
      return switch (this) {
        case LOW -> score < -threshold;
        case HIGH -> score > threshold;
        case BOTH -> Math.abs(score) > threshold;
      };
    }
  }
}
