-- How each window is now. Of its revisions the newest counts; its revision grows with each that changed a number.
CREATE OR REPLACE TEMPORARY VIEW window_status AS
WITH revisions AS (
  SELECT *, max(rolled_up_at) OVER (PARTITION BY grain, window_start, input_id) AS input_at
  FROM window_revisions
),
changes AS (
  SELECT
    *,
    CASE
      WHEN lag(series_count) OVER previous <=> series_count
        AND lag(request_count) OVER previous <=> request_count
        AND lag(fingerprint) OVER previous <=> fingerprint THEN 0
      ELSE 1
    END AS changed,
    row_number() OVER (PARTITION BY grain, window_start ORDER BY input_at DESC, transaction_version DESC) AS age
  FROM revisions
  WINDOW previous AS (PARTITION BY grain, window_start ORDER BY input_at, transaction_version)
),
numbered AS (
  SELECT *, sum(changed) OVER (PARTITION BY grain, window_start) AS revision FROM changes
),
days AS (
  SELECT day_start, transform(sequence(0, 9), place -> element_at(late, place)) AS lateness
  FROM (
    SELECT day_start, map_from_entries(collect_list(struct(place, events))) AS late
    FROM (
      SELECT
        timestamp_micros(unix_micros(window_start) - pmod(unix_micros(window_start), 86400000000L)) AS day_start,
        place,
        sum(events) AS events
      FROM numbered
      LATERAL VIEW posexplode(lateness) exploded AS place, events
      WHERE grain = 'hour' AND age = 1
      GROUP BY ALL
    )
    GROUP BY day_start
  )
),
arrival AS (
  SELECT place, sum(events) AS events, sum(sum(events)) OVER () AS all_events
  FROM numbered
  LATERAL VIEW posexplode(lateness) exploded AS place, events
  WHERE grain = 'hour' AND age = 1
  GROUP BY place
),
bounds AS (
  SELECT place, seconds FROM VALUES
    (0, 60), (1, 300), (2, 900), (3, 3600), (4, 21600), (5, 86400), (6, 259200), (7, 604800), (8, 2592000)
    AS bounds (place, seconds)
),
arrived AS (
  SELECT
    bounds.seconds,
    lead(bounds.seconds) OVER (ORDER BY bounds.seconds) AS next_seconds,
    sum(arrival.events) / nullif(max(arrival.all_events), 0) AS share
  FROM bounds JOIN arrival ON arrival.place <= bounds.place
  GROUP BY bounds.seconds
),
sources AS (
  SELECT min(data_as_of) AS data_as_of
  FROM (SELECT max(data_as_of) AS data_as_of FROM job_runs WHERE data_as_of IS NOT NULL GROUP BY source)
),
windows AS (
  SELECT
    numbered.*,
    timestamp_micros(unix_micros(window_start) + CASE grain WHEN 'hour' THEN 3600000000L ELSE 86400000000L END)
      AS window_end,
    sources.data_as_of,
    unix_seconds(sources.data_as_of) - unix_seconds(window_start)
      - CASE grain WHEN 'hour' THEN 3600 ELSE 86400 END AS closed_seconds
  FROM numbered CROSS JOIN sources
  WHERE age = 1
)
SELECT
  windows.grain,
  windows.window_start,
  windows.window_end,
  windows.data_as_of,
  -- Of a held hour and its day, only what is published is there.
  CASE WHEN windows.closed_seconds >= 0 THEN coalesce(arrived.share, 0) * least(
    coalesce(
      windows.request_count / nullif(
        aggregate(coalesce(windows.lateness, days.lateness), 0L, (sum, events) -> sum + events), 0),
      1),
    1) END AS completeness,
  windows.revision,
  windows.state,
  windows.held_by,
  windows.definition_version,
  windows.request_count,
  windows.series_count,
  coalesce(windows.lateness, days.lateness) AS lateness,
  windows.rolled_up_at,
  windows.run_id
FROM windows
LEFT JOIN days ON windows.grain = 'day' AND days.day_start = windows.window_start
LEFT JOIN arrived
  ON arrived.seconds <= windows.closed_seconds
  AND (arrived.next_seconds IS NULL OR windows.closed_seconds < arrived.next_seconds)
