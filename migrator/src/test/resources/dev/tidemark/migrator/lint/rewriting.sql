--# rule type-change-rewrite
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, price integer, note varchar(100), at timestamp);
--# bad
ALTER TABLE orders ALTER COLUMN price TYPE bigint;
--# good
ALTER TABLE orders ADD COLUMN price_nano bigint;
--# good wider text and no time zone to shift: no row is touched
ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);
ALTER TABLE orders ALTER COLUMN note TYPE text;

--# rule type-change-index-rebuild
--# given
CREATE TABLE people (id bigint PRIMARY KEY, name text);
CREATE INDEX idx_people_name ON people (name);
--# bad
ALTER TABLE people ALTER COLUMN name TYPE text COLLATE "C";
--# good wider text keeps the index
ALTER TABLE people ALTER COLUMN name TYPE varchar;

--# rule type-change-scan
--# given
CREATE TABLE people (id bigint PRIMARY KEY, name varchar(100) CONSTRAINT people_name_long CHECK (length(name) > 1));
--# bad
ALTER TABLE people ALTER COLUMN name TYPE varchar(200);
--# good the check is made anew, and validated by itself
ALTER TABLE people DROP CONSTRAINT people_name_long;
ALTER TABLE people ALTER COLUMN name TYPE varchar(200);
ALTER TABLE people ADD CONSTRAINT people_name_long CHECK (length(name) > 1) NOT VALID;
--# next
ALTER TABLE people VALIDATE CONSTRAINT people_name_long;

--# rule add-auto-increment
--# given
CREATE TABLE orders (code text PRIMARY KEY);
--# bad
ALTER TABLE orders ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
--# bad
ALTER TABLE orders ADD COLUMN number bigserial;
--# good
ALTER TABLE orders ADD COLUMN number bigint;
CREATE SEQUENCE orders_number OWNED BY orders.number;
ALTER TABLE orders ALTER COLUMN number SET DEFAULT nextval('orders_number');

--# rule add-stored-generated
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, price bigint, quantity bigint);
--# bad
ALTER TABLE orders ADD COLUMN total bigint GENERATED ALWAYS AS (price * quantity) STORED;
--# good
CREATE VIEW order_totals AS SELECT id, price * quantity AS total FROM orders;
--# good from Postgres 18 on @18
ALTER TABLE orders ADD COLUMN total bigint GENERATED ALWAYS AS (price * quantity) VIRTUAL;

--# rule add-volatile-default
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
--# good
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
--# good a default that is the same for every row is kept in the catalogue
ALTER TABLE orders ADD COLUMN status text NOT NULL DEFAULT 'new';
ALTER TABLE orders ADD COLUMN seen_at timestamptz DEFAULT now();

--# rule add-checked-domain
--# given
CREATE DOMAIN percentage AS integer CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
ALTER TABLE orders ADD COLUMN discount percentage;
--# good
ALTER TABLE orders ADD COLUMN discount integer;
ALTER TABLE orders ADD CONSTRAINT orders_discount_percentage CHECK (discount BETWEEN 0 AND 100) NOT VALID;

--# rule table-rewrite
--# given
CREATE UNLOGGED TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
--# bad
ALTER TABLE orders SET LOGGED;
--# bad
CLUSTER orders USING orders_pkey;
--# bad
VACUUM FULL orders;
--# good
VACUUM (ANALYZE) orders;
