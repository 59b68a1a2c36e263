DROP TABLE IF EXISTS delta.`${lake}/erasures`;
