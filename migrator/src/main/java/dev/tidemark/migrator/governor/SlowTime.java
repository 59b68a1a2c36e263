package dev.tidemark.migrator.governor;

/**
 * The account of the time during which others were slow. Their 95th percentile keeps to a bound as
 * long as no more than a twentieth of the time is beyond it. So slow time is a debt, and all time,
 * slow or not, pays its allowed part: a chunk runs the debt up, the pause after it pays it back. A
 * job that begins its chunks without debt keeps to the bound over whole cycles of chunk and pause,
 * however long they are; one that works as soon as the debt is paid works as much as the bound
 * allows. What a pause leaves unpaid, since the server recovered late, is owed after the next
 * chunk. It is the leaky bucket as a meter (ITU-T I.371), filled by slow time; the part allowed is
 * an error budget.
 *
 * <p>Debt is at most the length of a chunk, and credit at most what one earns (ten seconds where
 * chunks are shorter): a disturbance of any length is paid for within a known time once it is over,
 * and hours of calm are no licence to disturb. Pure arithmetic; not thread-safe.
 */
final class SlowTime {
  /**
   * The part of the time that may be slow: a twentieth, and a tenth of that for what is not seen.
   */
  static final double ALLOWED = 0.045;

  private static final double LEAST_HORIZON = 10;

  private double owed;
  private double lastChunk;
  private double chunk;
  private boolean wasAtWork;

  /** Time has gone by. */
  void add(double seconds, boolean slow, boolean atWork) {
    if (atWork && !wasAtWork) {
      lastChunk = chunk;
      chunk = 0;
    }
    wasAtWork = atWork;
    if (atWork) {
      chunk += seconds;
    }
    double most = Math.max(LEAST_HORIZON, Math.max(lastChunk, chunk));
    double next = owed + ((slow ? 1 : 0) - ALLOWED) * seconds;
    owed = Math.max(-ALLOWED * most, Math.min(most, next));
  }

  /**
   * How many seconds of rest pay what is owed; 0 if nothing is, and infinite if rest does not pay.
   *
   * @param slowAtRest which part of the time is slow while the job rests
   */
  double rest(double slowAtRest) {
    return owed <= 0 ? 0 : owed / Math.max(0, ALLOWED - slowAtRest);
  }
}
