DROP TABLE IF EXISTS delta.`${lake}/window_releases`;
DROP TABLE IF EXISTS delta.`${lake}/quality_results`;
ALTER TABLE delta.`${lake}/window_revisions` DROP COLUMNS IF EXISTS (held_by);
