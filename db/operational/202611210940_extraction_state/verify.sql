-- Both tables are there, and can be read by whoever applies change sets.
SELECT has_table_privilege('extraction_tokens', 'SELECT') AND has_table_privilege('extraction_watermarks', 'SELECT');
