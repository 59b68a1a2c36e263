--# rule required-column
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
ALTER TABLE orders ADD COLUMN customer_id bigint NOT NULL;
--# good
ALTER TABLE orders ADD COLUMN customer_id bigint NOT NULL DEFAULT 0;
--# good
ALTER TABLE orders ADD COLUMN customer_id bigint;

--# rule unique-on-old-rows
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, code text);
--# bad
CREATE UNIQUE INDEX CONCURRENTLY uq_orders_code ON orders (code);
--# good not unique
CREATE INDEX CONCURRENTLY idx_orders_code ON orders (code);
--# good a new column has no values that are alike
ALTER TABLE orders ADD COLUMN number bigint;
CREATE UNIQUE INDEX uq_orders_number ON orders (number); -- tidemark:allow index-not-concurrent, repeated-scan, long-statement-under-lock: for the test

--# rule fails-on-rows
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, code text);
--# bad @errors
ALTER TABLE orders ALTER COLUMN code TYPE uuid USING code::uuid;
--# good
ALTER TABLE orders ADD COLUMN number uuid;

--# rule change-every-row
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
--# bad
UPDATE orders SET note = 'none';
--# good
UPDATE orders SET note = 'none' WHERE id BETWEEN 1 AND 3;

--# rule data-with-schema
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
--# bad
ALTER TABLE orders ADD COLUMN remark text;
UPDATE orders SET remark = note WHERE id < 3; -- tidemark:allow long-statement-under-lock: for the test
--# good
ALTER TABLE orders ADD COLUMN remark text;
--# next
UPDATE orders SET remark = note WHERE id < 3;
