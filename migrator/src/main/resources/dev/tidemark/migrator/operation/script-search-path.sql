SELECT set_config(
  'search_path',
  coalesce(
    (SELECT string_agg(quote_ident(name), ', ' ORDER BY place)
     FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (name, place)
     WHERE name <> 'tidemark'),
    'public'),
  false)
