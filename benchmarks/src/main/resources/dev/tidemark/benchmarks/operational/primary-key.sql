SELECT id, name, slug, plan, status, settings, version
FROM organizations
WHERE id = ?
