SELECT pg_export_snapshot(), pg_current_snapshot()::text
