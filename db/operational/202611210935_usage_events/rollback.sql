DROP TABLE usage_events;
DROP FUNCTION create_usage_event_partitions(interval, interval);
DROP FUNCTION create_usage_event_partition(timestamptz);
DROP FUNCTION attach_usage_event_partition(regclass, timestamptz, timestamptz);
DROP FUNCTION guard_usage_event_partition(regclass);
DROP FUNCTION refuse_usage_event_update();
DROP FUNCTION stamp_usage_event();
