SELECT count(*) >= 0 FROM delta.`${lake}/quality_results`;
SELECT count(*) >= 0 FROM delta.`${lake}/window_releases`;
SELECT count(held_by) >= 0 FROM delta.`${lake}/window_revisions`;
