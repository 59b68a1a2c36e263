-- Whether Postgres can take a row of a rollup as a summary: identifiers are UUIDs in its own writing.
organization_id RLIKE '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  AND coalesce(workspace_id, organization_id) RLIKE '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  AND coalesce(user_id, organization_id) RLIKE '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  AND coalesce(api_key_id, organization_id) RLIKE '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  AND instr(concat(provider, model, coalesce(operation, '')), char(0)) = 0
