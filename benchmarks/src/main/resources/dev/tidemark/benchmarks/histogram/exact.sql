-- The latency at rank ⌊q · (count − 1)⌋, from 0, of each organization and period: exact.
SELECT
  organization_id,
  period,
  latencies[1 + floor(0.5 * (len(latencies) - 1))::BIGINT],
  latencies[1 + floor(0.95 * (len(latencies) - 1))::BIGINT],
  latencies[1 + floor(0.99 * (len(latencies) - 1))::BIGINT]
FROM (
  SELECT organization_id, ${period} AS period, list_sort(list(latency_ms)) AS latencies
  FROM ${events}
  WHERE latency_ms IS NOT NULL
  GROUP BY organization_id, period
)
