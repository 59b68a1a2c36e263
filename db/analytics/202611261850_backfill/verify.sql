SELECT count(*) >= 0 FROM delta.`${lake}/backfill_chunks`;
SELECT count(*) >= 0 FROM delta.`${lake}/governor_decisions`;
