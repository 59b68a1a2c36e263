SELECT
  set_config(
    'search_path',
    coalesce(
      (SELECT string_agg(quote_ident(name), ', ' ORDER BY place)
       FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (name, place)
       WHERE name <> 'tidemark'),
      'public'),
    false),
  set_config('lock_timeout', ?, false),
  set_config('statement_timeout', ?, false),
  -- Ends a statement whose migrator is gone; a server on Windows cannot.
  CASE WHEN version() !~* 'visual c|mingw|windows'
    THEN set_config('client_connection_check_interval', '1s', false) END
