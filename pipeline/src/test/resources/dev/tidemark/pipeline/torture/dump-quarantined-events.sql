SELECT event_id, record_id, rule FROM ${table}
