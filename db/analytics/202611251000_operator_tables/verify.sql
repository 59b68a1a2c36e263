SELECT count(*) >= 0 FROM delta.`${lake}/window_revisions`;
SELECT count(*) >= 0 FROM delta.`${lake}/job_runs`;
SELECT count(*) >= 0 FROM delta.`${lake}/reconciliation_results`;
