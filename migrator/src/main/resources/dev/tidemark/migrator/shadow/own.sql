SET idle_session_timeout = 0;
SELECT pg_advisory_lock(%d);
