DROP TABLE IF EXISTS delta.`${lake}/reconciliation_results`;
DROP TABLE IF EXISTS delta.`${lake}/job_runs`;
DROP TABLE IF EXISTS delta.`${lake}/window_revisions`;
