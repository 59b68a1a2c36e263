-- Serializable, so that two landers that miss each other's rows never both commit (EX-7).
-- No deletion vectors: a file holds live rows only, which the rollup's task planning relies on.
CREATE TABLE IF NOT EXISTS delta.`${lake}/usage_events` (
  event_id STRING NOT NULL COMMENT 'Identity of the request, as its sender named it; with occurred_at the identity of the event [internal]',
  event_id_high BIGINT NOT NULL COMMENT 'Upper 64 bits of the identity: of the UUID, or of a keyed 128-bit hash where the identity is no UUID [internal]',
  event_id_low BIGINT NOT NULL COMMENT 'Lower 64 bits of the identity [internal]',
  series_id_high BIGINT NOT NULL COMMENT 'Upper 64 bits of the keyed 128-bit hash of the seven dimensions [internal]',
  series_id_low BIGINT NOT NULL COMMENT 'Lower 64 bits of the series identity [internal]',
  occurred_at TIMESTAMP NOT NULL COMMENT 'When the request happened; UTC, microseconds [confidential]',
  received_at TIMESTAMP NOT NULL COMMENT 'When the event reached the platform, or was landed where the source does not say; UTC, microseconds [internal]',
  organization_id STRING COMMENT 'Organization that pays for the request [internal]',
  workspace_id STRING COMMENT 'Workspace of the organization; null where none was named [confidential]',
  user_id STRING COMMENT 'User on whose behalf the request ran; null where none was named [personal]',
  api_key_id STRING COMMENT 'API key that authorized the request; null where none was named [confidential]',
  provider STRING COMMENT 'Who serves the model [confidential]',
  model STRING COMMENT 'Model that answered [confidential]',
  operation STRING COMMENT 'Kind of request, such as chat or embedding; null where none was named [confidential]',
  status STRING NOT NULL COMMENT 'Outcome: success, client_error, server_error, timeout, rate_limited or cancelled; all but success are errors [confidential]',
  input_tokens BIGINT NOT NULL COMMENT 'Tokens read by the model, cached ones included [confidential]',
  cached_input_tokens BIGINT NOT NULL COMMENT 'Input tokens that came from a cache; included in input_tokens [confidential]',
  output_tokens BIGINT NOT NULL COMMENT 'Tokens written by the model [confidential]',
  latency_ms BIGINT COMMENT 'Milliseconds from request to last byte; null where not measured [confidential]',
  time_to_first_token_ms BIGINT COMMENT 'Milliseconds from request to first token; null where not measured [confidential]',
  cost_nano_usd BIGINT NOT NULL COMMENT 'Price of the request in nano US dollars (1e-9 USD) [confidential]',
  event_date DATE NOT NULL COMMENT 'UTC date of occurred_at [confidential]'
) USING DELTA
PARTITIONED BY (event_date)
COMMENT 'One row a request, landed exactly once. UTC throughout.'
TBLPROPERTIES (
  'delta.enableChangeDataFeed' = 'true',
  'delta.enableDeletionVectors' = 'false',
  'delta.isolationLevel' = 'Serializable',
  'tidemark.lake' = 'usage_events',
  'tidemark.identity-key' = '${identity-key}'
);

ALTER TABLE delta.`${lake}/usage_events` ADD CONSTRAINT event_date_is_utc CHECK (
  datediff(event_date, DATE'1970-01-01') * 86400000000L
    = unix_micros(occurred_at) - pmod(unix_micros(occurred_at), 86400000000L)
);

CREATE TABLE IF NOT EXISTS delta.`${lake}/quarantined_events` (
  record_id STRING NOT NULL COMMENT 'Hash of the refused record and its place: the same record is quarantined once [internal]',
  source STRING NOT NULL COMMENT 'Application that delivered the record [internal]',
  source_name STRING COMMENT 'File or table in which the record stood [internal]',
  rule STRING NOT NULL COMMENT 'Rule that the record broke [internal]',
  event_id STRING COMMENT 'Identity of the event, as far as it could be read [internal]',
  occurred_at TIMESTAMP COMMENT 'Time of the event, as far as it could be read; UTC, microseconds [confidential]',
  raw_record STRING COMMENT 'The record as the source had it, as JSON or text [personal]',
  quarantined_at TIMESTAMP NOT NULL COMMENT 'When the record was refused; UTC, microseconds [internal]',
  landing_version BIGINT NOT NULL COMMENT 'Landing of the source that met the record [internal]',
  arrival_date DATE NOT NULL COMMENT 'UTC date of quarantined_at [internal]'
) USING DELTA
PARTITIONED BY (arrival_date)
COMMENT 'One row a refused event, with the rule it broke.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

CREATE TABLE IF NOT EXISTS delta.`${lake}/landings` (
  source STRING NOT NULL COMMENT 'What is landed from: postgres:<system identifier> or files:<folder> [internal]',
  epoch BIGINT NOT NULL COMMENT 'Raised whenever the source or the lake was turned back and everything is read again [internal]',
  landing_version BIGINT NOT NULL COMMENT 'Number of the landing within source and epoch; landed if usage_events carries it as transaction version [internal]',
  previous_version BIGINT NOT NULL COMMENT 'Landing on which this one builds; 0 for none [internal]',
  run_id STRING NOT NULL COMMENT 'Run that claimed the landing [internal]',
  claimed_at TIMESTAMP NOT NULL COMMENT 'When the landing was claimed; UTC, microseconds [internal]',
  snapshot STRING COMMENT 'pg_snapshot up to which the source was read; null for files [internal]',
  token STRING COMMENT 'Token that the run committed in the source after taking the snapshot; null for files [internal]',
  file_path STRING COMMENT 'File taken by the landing, one row a file; null for a database [internal]',
  file_bytes BIGINT COMMENT 'Length of the file as stored, in bytes [internal]',
  file_modified_at TIMESTAMP COMMENT 'Modification time of the file; UTC [internal]',
  file_checksum STRING COMMENT 'SHA-256 of the decompressed content, hexadecimal: the identity of the file [internal]'
) USING DELTA
COMMENT 'What each landing set out to take. Written before the events; a landing that usage_events does not know never happened.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
