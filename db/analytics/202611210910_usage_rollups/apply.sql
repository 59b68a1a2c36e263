CREATE TABLE IF NOT EXISTS delta.`${lake}/usage_hourly` (
  hour_start TIMESTAMP NOT NULL COMMENT 'Start of the hour; UTC. The hour ends before the next one starts [confidential]',
  organization_id STRING COMMENT 'Organization; null is a group of its own, as for every dimension [internal]',
  workspace_id STRING COMMENT 'Workspace [confidential]',
  user_id STRING COMMENT 'User [personal]',
  api_key_id STRING COMMENT 'API key [confidential]',
  provider STRING COMMENT 'Who serves the model [confidential]',
  model STRING COMMENT 'Model that answered [confidential]',
  operation STRING COMMENT 'Kind of request [confidential]',
  request_count BIGINT NOT NULL COMMENT 'Requests [confidential]',
  error_count BIGINT NOT NULL COMMENT 'Requests whose status is not success [confidential]',
  input_tokens BIGINT NOT NULL COMMENT 'Sum of tokens read, cached ones included [confidential]',
  cached_input_tokens BIGINT NOT NULL COMMENT 'Sum of input tokens that came from a cache; included in input_tokens [confidential]',
  output_tokens BIGINT NOT NULL COMMENT 'Sum of tokens written [confidential]',
  cost_nano_usd BIGINT NOT NULL COMMENT 'Sum of prices in nano US dollars (1e-9 USD) [confidential]',
  latency_ms_sum BIGINT COMMENT 'Sum of measured latencies in milliseconds; null where none was measured [confidential]',
  latency_ms_min BIGINT COMMENT 'Least measured latency in milliseconds [confidential]',
  latency_ms_max BIGINT COMMENT 'Greatest measured latency in milliseconds [confidential]',
  latency_histogram BINARY COMMENT 'Counts of latencies in logarithmic buckets, relative error at most 1 %; first byte is the mapping version; read it with latency_quantile and latency_merge [confidential]',
  first_event_at TIMESTAMP NOT NULL COMMENT 'Earliest occurred_at in the group; UTC, microseconds [confidential]',
  last_event_at TIMESTAMP NOT NULL COMMENT 'Latest occurred_at in the group; UTC, microseconds [confidential]',
  revision BIGINT NOT NULL COMMENT 'Starts at 1 and grows whenever the numbers of this row change [internal]',
  revised_at TIMESTAMP NOT NULL COMMENT 'When the numbers of this row last changed; UTC, microseconds [internal]',
  usage_date DATE NOT NULL COMMENT 'UTC date of hour_start [confidential]'
) USING DELTA
PARTITIONED BY (usage_date)
COMMENT 'Usage by hour and series, always equal to its landed events. UTC throughout.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

ALTER TABLE delta.`${lake}/usage_hourly` ADD CONSTRAINT usage_date_is_utc CHECK (
  datediff(usage_date, DATE'1970-01-01') * 86400000000L
    = unix_micros(hour_start) - pmod(unix_micros(hour_start), 86400000000L)
);

CREATE TABLE IF NOT EXISTS delta.`${lake}/usage_daily` (
  usage_date DATE NOT NULL COMMENT 'UTC date [confidential]',
  organization_id STRING COMMENT 'Organization; null is a group of its own, as for every dimension [internal]',
  workspace_id STRING COMMENT 'Workspace [confidential]',
  user_id STRING COMMENT 'User [personal]',
  api_key_id STRING COMMENT 'API key [confidential]',
  provider STRING COMMENT 'Who serves the model [confidential]',
  model STRING COMMENT 'Model that answered [confidential]',
  operation STRING COMMENT 'Kind of request [confidential]',
  request_count BIGINT NOT NULL COMMENT 'Requests [confidential]',
  error_count BIGINT NOT NULL COMMENT 'Requests whose status is not success [confidential]',
  input_tokens BIGINT NOT NULL COMMENT 'Sum of tokens read, cached ones included [confidential]',
  cached_input_tokens BIGINT NOT NULL COMMENT 'Sum of input tokens that came from a cache; included in input_tokens [confidential]',
  output_tokens BIGINT NOT NULL COMMENT 'Sum of tokens written [confidential]',
  cost_nano_usd BIGINT NOT NULL COMMENT 'Sum of prices in nano US dollars (1e-9 USD) [confidential]',
  latency_ms_sum BIGINT COMMENT 'Sum of measured latencies in milliseconds; null where none was measured [confidential]',
  latency_ms_min BIGINT COMMENT 'Least measured latency in milliseconds [confidential]',
  latency_ms_max BIGINT COMMENT 'Greatest measured latency in milliseconds [confidential]',
  latency_histogram BINARY COMMENT 'Counts of latencies in logarithmic buckets, relative error at most 1 %; first byte is the mapping version; read it with latency_quantile and latency_merge [confidential]',
  first_event_at TIMESTAMP NOT NULL COMMENT 'Earliest occurred_at in the group; UTC, microseconds [confidential]',
  last_event_at TIMESTAMP NOT NULL COMMENT 'Latest occurred_at in the group; UTC, microseconds [confidential]',
  revision BIGINT NOT NULL COMMENT 'Starts at 1 and grows whenever the numbers of this row change [internal]',
  revised_at TIMESTAMP NOT NULL COMMENT 'When the numbers of this row last changed; UTC, microseconds [internal]',
  usage_month DATE NOT NULL COMMENT 'First day of the month of usage_date [confidential]'
) USING DELTA
PARTITIONED BY (usage_month)
COMMENT 'Usage by day and series, always equal to the hours of the day. UTC throughout.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

ALTER TABLE delta.`${lake}/usage_daily` ADD CONSTRAINT usage_month_is_first_day CHECK (
  usage_month = trunc(usage_date, 'MM')
);
