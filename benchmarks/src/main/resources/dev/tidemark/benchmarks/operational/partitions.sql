SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'
