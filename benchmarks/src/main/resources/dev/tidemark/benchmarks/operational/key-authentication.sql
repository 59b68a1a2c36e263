SELECT api_key_id, organization_id, workspace_id, user_id, scopes
FROM authenticate_api_key(?)
