--# rule transaction-control
--# bad
BEGIN;
CREATE TABLE orders (id bigint PRIMARY KEY);
COMMIT;
--# good a function's body has words of its own
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

--# rule beyond-the-database
--# bad
CREATE DATABASE lint_case_other;
--# bad
ALTER SYSTEM SET work_mem = '64MB';
--# good
CREATE SCHEMA other;

--# rule session-setting
--# bad
SET lock_timeout = '1h';
--# bad
SET LOCAL search_path = pg_catalog;
--# good of a function alone
CREATE FUNCTION twice(value bigint) RETURNS bigint LANGUAGE sql SET search_path = pg_catalog AS 'SELECT 2 * value';

--# rule vacuum
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
VACUUM orders;
--# good
ANALYZE orders;

--# rule unused-suppression
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
-- tidemark:allow drop-table: nobody uses it
ALTER TABLE orders ADD COLUMN note text;
--# bad
-- tidemark:allow drop-tables: nobody uses it
DROP TABLE orders;
--# good
-- tidemark:allow drop-table: nobody uses it
DROP TABLE orders;

--# rule suppression-without-reason
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
DROP TABLE orders; -- tidemark:allow drop-table
--# good
DROP TABLE orders; -- tidemark:allow drop-table: nobody uses it
