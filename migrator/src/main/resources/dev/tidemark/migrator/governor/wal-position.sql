SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes, extract(epoch FROM clock_timestamp()) AS at
