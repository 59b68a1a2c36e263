-- A table of the tree whose policies may hide rows from this user, with the user's name; none if it sees all.
-- The setting row_security = off would refuse policies that hide nothing too.
WITH RECURSIVE tree (relid) AS (
  SELECT ?::regclass::oid
  UNION ALL
  SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid
), policy AS (
  SELECT polrelid, polpermissive, pg_get_expr(polqual, polrelid) AS shows
  FROM pg_policy
  WHERE polcmd IN ('*', 'r')
    AND EXISTS (
      SELECT FROM unnest(polroles) AS role
      WHERE CASE WHEN role = 0 THEN true ELSE pg_has_role(role, 'USAGE') END)
)
SELECT relid::regclass::text, quote_ident(current_user)
FROM tree
WHERE row_security_active(relid)
  AND (
    NOT EXISTS (SELECT FROM policy WHERE polrelid = relid AND polpermissive AND shows = 'true')
    OR EXISTS (SELECT FROM policy WHERE polrelid = relid AND NOT polpermissive AND shows <> 'true'))
ORDER BY 1
LIMIT 1
