-- The second half belongs to one database of the server, and to no copy of it made with CREATE DATABASE or pg_restore.
SELECT s.system_identifier || '-' || d.oid
FROM pg_control_system() AS s, pg_database AS d
WHERE d.datname = current_database()
