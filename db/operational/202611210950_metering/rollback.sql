DROP TABLE usage_publications;
DROP TABLE usage_summaries;
DROP FUNCTION refuse_older_revision();
DROP TABLE metering_events;
DROP TABLE metering_kinds;
DROP TYPE usage_grain;
