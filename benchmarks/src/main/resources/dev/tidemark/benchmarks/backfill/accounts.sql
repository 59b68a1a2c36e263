-- The tables of pgbench, some of its scale 10.
CREATE SCHEMA bench;
CREATE TABLE bench.branches (branch int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE bench.tellers (teller int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE bench.accounts (account int PRIMARY KEY, balance bigint NOT NULL, filler char(84) NOT NULL) WITH (fillfactor = 80);
CREATE TABLE bench.history (teller int, branch int, account int, delta bigint, at timestamptz);
INSERT INTO bench.branches SELECT n, 0 FROM generate_series(1, 100) AS n;
INSERT INTO bench.tellers SELECT n, 0 FROM generate_series(1, 1000) AS n;
INSERT INTO bench.accounts SELECT n, 0, '' FROM generate_series(1, 1000000) AS n
