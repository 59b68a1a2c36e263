SELECT id, %1$s AS key_id, %2$s AS ciphertext, %3$s AS hash
FROM %4$s
WHERE id > ? AND %2$s IS NOT NULL %5$s
ORDER BY id
LIMIT ?
%6$s
