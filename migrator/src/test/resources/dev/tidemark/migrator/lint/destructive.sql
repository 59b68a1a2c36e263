--# rule drop-table
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
DROP TABLE orders;
--# good what the script itself has made
CREATE TABLE scratch (id bigint PRIMARY KEY);
DROP TABLE scratch;

--# rule drop-column
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
--# bad
ALTER TABLE orders DROP COLUMN note;
--# good what the script itself has made
ALTER TABLE orders ADD COLUMN remark text;
ALTER TABLE orders DROP COLUMN remark;

--# rule drop-schema
--# given
CREATE SCHEMA billing;
--# bad
DROP SCHEMA billing;
--# good
CREATE SCHEMA shipping;

--# rule drop-cascade
--# given
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
CREATE INDEX idx_orders_customer_id ON orders (customer_id);
--# bad
DROP TABLE customers CASCADE;
--# good dropped by name @errors
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;
--# next @errors
DROP TABLE customers;

--# rule truncate
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
TRUNCATE orders;
--# good
DELETE FROM orders WHERE id BETWEEN 1 AND 3;
--# good what the script itself has made
CREATE TABLE scratch (id bigint PRIMARY KEY);
TRUNCATE scratch;

--# rule delete-every-row
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
DELETE FROM orders;
--# good
DELETE FROM orders WHERE id BETWEEN 1 AND 3;

--# rule drop-constraint
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, code text, quantity bigint,
  CONSTRAINT orders_code_key UNIQUE (code), CONSTRAINT orders_quantity_positive CHECK (quantity > 0));
--# bad
ALTER TABLE orders DROP CONSTRAINT orders_code_key;
--# bad
ALTER TABLE orders DROP CONSTRAINT orders_quantity_positive;
--# good replaced by a stricter one
ALTER TABLE orders ADD CONSTRAINT orders_quantity_bounds CHECK (quantity BETWEEN 1 AND 99) NOT VALID;
ALTER TABLE orders DROP CONSTRAINT orders_quantity_positive;

--# rule unlogged
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
ALTER TABLE orders SET UNLOGGED;
--# good a new table that is made to be lost
CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value text);
