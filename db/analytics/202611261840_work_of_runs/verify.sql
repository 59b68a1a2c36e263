SELECT count(*) >= 0 FROM delta.`${lake}/job_starts`;
SELECT count(*) >= 0 FROM delta.`${lake}/job_work`;
