SELECT set_config('search_path', 'public', false), set_config('client_min_messages', 'notice', false),
  set_config('default_transaction_isolation', 'read committed', false)
