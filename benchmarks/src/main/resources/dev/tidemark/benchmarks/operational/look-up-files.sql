-- The files of the tables that an authentication looks into, and of their indexes. Each goes on in files .1, .2, …
SELECT current_setting('data_directory') || '/' || pg_relation_filepath(files.id)
FROM unnest(ARRAY['api_keys', 'organizations', 'users', 'workspaces']::regclass[]) AS looked_into (id)
  CROSS JOIN LATERAL (
    SELECT looked_into.id
    UNION ALL
    SELECT indexrelid FROM pg_index WHERE indrelid = looked_into.id) AS files (id)
