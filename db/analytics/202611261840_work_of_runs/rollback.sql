DROP TABLE IF EXISTS delta.`${lake}/job_work`;
DROP TABLE IF EXISTS delta.`${lake}/job_starts`;
