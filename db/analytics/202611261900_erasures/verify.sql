SELECT count(*) >= 0 FROM delta.`${lake}/erasures`;
