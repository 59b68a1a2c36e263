CREATE TABLE IF NOT EXISTS delta.`${lake}/usage_hourly` (
  hour_start TIMESTAMP NOT NULL COMMENT 'Start of the hour; UTC. The hour ends before the next one starts',
  organization_id STRING COMMENT 'Organization; null is a group of its own, as for every dimension',
  workspace_id STRING COMMENT 'Workspace',
  user_id STRING COMMENT 'User',
  api_key_id STRING COMMENT 'API key',
  provider STRING COMMENT 'Who serves the model',
  model STRING COMMENT 'Model that answered',
  operation STRING COMMENT 'Kind of request',
  request_count BIGINT NOT NULL COMMENT 'Requests',
  error_count BIGINT NOT NULL COMMENT 'Requests whose status is not success',
  input_tokens BIGINT NOT NULL COMMENT 'Sum of tokens read, cached ones included',
  cached_input_tokens BIGINT NOT NULL COMMENT 'Sum of input tokens that came from a cache; included in input_tokens',
  output_tokens BIGINT NOT NULL COMMENT 'Sum of tokens written',
  cost_nano_usd BIGINT NOT NULL COMMENT 'Sum of prices in nano US dollars (1e-9 USD)',
  latency_ms_sum BIGINT COMMENT 'Sum of measured latencies in milliseconds; null where none was measured',
  latency_ms_min BIGINT COMMENT 'Least measured latency in milliseconds',
  latency_ms_max BIGINT COMMENT 'Greatest measured latency in milliseconds',
  latency_histogram BINARY COMMENT 'Counts of latencies in logarithmic buckets, relative error at most 1 %; first byte is the mapping version; read it with latency_quantile and latency_merge',
  first_event_at TIMESTAMP NOT NULL COMMENT 'Earliest occurred_at in the group; UTC, microseconds',
  last_event_at TIMESTAMP NOT NULL COMMENT 'Latest occurred_at in the group; UTC, microseconds',
  revision BIGINT NOT NULL COMMENT 'Starts at 1 and grows whenever the numbers of this row change',
  revised_at TIMESTAMP NOT NULL COMMENT 'When the numbers of this row last changed; UTC, microseconds',
  usage_date DATE NOT NULL COMMENT 'UTC date of hour_start'
) USING DELTA
PARTITIONED BY (usage_date)
COMMENT 'Usage by hour and series, always equal to its landed events. UTC throughout.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

ALTER TABLE delta.`${lake}/usage_hourly` ADD CONSTRAINT usage_date_is_utc CHECK (
  datediff(usage_date, DATE'1970-01-01') * 86400000000L
    = unix_micros(hour_start) - pmod(unix_micros(hour_start), 86400000000L)
);

CREATE TABLE IF NOT EXISTS delta.`${lake}/usage_daily` (
  usage_date DATE NOT NULL COMMENT 'UTC date',
  organization_id STRING COMMENT 'Organization; null is a group of its own, as for every dimension',
  workspace_id STRING COMMENT 'Workspace',
  user_id STRING COMMENT 'User',
  api_key_id STRING COMMENT 'API key',
  provider STRING COMMENT 'Who serves the model',
  model STRING COMMENT 'Model that answered',
  operation STRING COMMENT 'Kind of request',
  request_count BIGINT NOT NULL COMMENT 'Requests',
  error_count BIGINT NOT NULL COMMENT 'Requests whose status is not success',
  input_tokens BIGINT NOT NULL COMMENT 'Sum of tokens read, cached ones included',
  cached_input_tokens BIGINT NOT NULL COMMENT 'Sum of input tokens that came from a cache; included in input_tokens',
  output_tokens BIGINT NOT NULL COMMENT 'Sum of tokens written',
  cost_nano_usd BIGINT NOT NULL COMMENT 'Sum of prices in nano US dollars (1e-9 USD)',
  latency_ms_sum BIGINT COMMENT 'Sum of measured latencies in milliseconds; null where none was measured',
  latency_ms_min BIGINT COMMENT 'Least measured latency in milliseconds',
  latency_ms_max BIGINT COMMENT 'Greatest measured latency in milliseconds',
  latency_histogram BINARY COMMENT 'Counts of latencies in logarithmic buckets, relative error at most 1 %; first byte is the mapping version; read it with latency_quantile and latency_merge',
  first_event_at TIMESTAMP NOT NULL COMMENT 'Earliest occurred_at in the group; UTC, microseconds',
  last_event_at TIMESTAMP NOT NULL COMMENT 'Latest occurred_at in the group; UTC, microseconds',
  revision BIGINT NOT NULL COMMENT 'Starts at 1 and grows whenever the numbers of this row change',
  revised_at TIMESTAMP NOT NULL COMMENT 'When the numbers of this row last changed; UTC, microseconds',
  usage_month DATE NOT NULL COMMENT 'First day of the month of usage_date'
) USING DELTA
PARTITIONED BY (usage_month)
COMMENT 'Usage by day and series, always equal to the hours of the day. UTC throughout.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

ALTER TABLE delta.`${lake}/usage_daily` ADD CONSTRAINT usage_month_is_first_day CHECK (
  usage_month = trunc(usage_date, 'MM')
);
