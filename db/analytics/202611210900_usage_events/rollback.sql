DROP TABLE IF EXISTS delta.`${lake}/landings`;
DROP TABLE IF EXISTS delta.`${lake}/quarantined_events`;
DROP TABLE IF EXISTS delta.`${lake}/usage_events`;
