-- held_by stays: Delta drops no column of a table without column mapping. Nothing reads it then.
DROP TABLE IF EXISTS delta.`${lake}/window_releases`;
DROP TABLE IF EXISTS delta.`${lake}/quality_results`;
