DROP TABLE IF EXISTS delta.`${lake}/governor_decisions`;
DROP TABLE IF EXISTS delta.`${lake}/backfill_chunks`;
