-- What the organization may spend in this month, and what it has spent.
SELECT
  (SELECT sum(limit_amount) FROM active_budgets WHERE period = 'month') AS limit_usd,
  (SELECT coalesce(sum(cost_nano_usd), 0) / 1e9 FROM usage_summaries
   WHERE organization_id = current_organization_id()
     AND grain = 'day'
     AND window_start >= date_trunc('month', now(), 'UTC')
     AND window_start < date_trunc('month', now(), 'UTC') + interval '1 month') AS spent_usd
