package dev.tidemark.pipeline.status;

import dev.tidemark.pipeline.sql.SqlResource;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * The views {@code window_status} (how each hour and day is now) and {@code window_lateness} (its
 * events by how late they came).
 *
 * <ul>
 *   <li>{@code data_as_of}: everything that the sources held at this time is counted. It holds for
 *       all windows, those in which nothing arrived too; of several sources the one that was looked
 *       at least recently decides.
 *   <li>{@code completeness}: the share of all events so far that came no later than the time that
 *       has passed from the window's end to {@code data_as_of}; null while the window is open.
 *       Rounded down to a bound of the lateness histogram.
 *   <li>{@code revision}: from 1 on, one more with each run that changed a number of the window.
 *   <li>{@code lateness}: events by the time from {@code occurred_at} to {@code received_at}.
 * </ul>
 */
public final class StatusViews {
  private static final List<SqlResource> VIEWS =
      List.of(
          SqlResource.of(StatusViews.class, "window-status.sql"),
          SqlResource.of(StatusViews.class, "window-lateness.sql"));

  private StatusViews() {}

  /**
   * Makes the views known to a session in which {@code window_revisions} and {@code job_runs} are
   * known by these names.
   */
  public static void register(SparkSession spark) {
    VIEWS.forEach(view -> spark.sql(view.text()));
  }
}
