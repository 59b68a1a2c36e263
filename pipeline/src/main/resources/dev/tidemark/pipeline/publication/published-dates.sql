SELECT DISTINCT (window_start AT TIME ZONE 'UTC')::date FROM usage_summaries WHERE grain = ?::usage_grain
