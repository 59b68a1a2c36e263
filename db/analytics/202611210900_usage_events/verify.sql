SELECT count(*) >= 0 FROM delta.`${lake}/usage_events`;
SELECT count(*) >= 0 FROM delta.`${lake}/quarantined_events`;
SELECT count(*) >= 0 FROM delta.`${lake}/landings`;
