--# rule json-column
--# bad
CREATE TABLE notes (id bigint PRIMARY KEY, content json);
--# good
CREATE TABLE notes (id bigint PRIMARY KEY, content jsonb);

--# rule char-column
--# bad
CREATE TABLE countries (id bigint PRIMARY KEY, code char(2));
--# good
CREATE TABLE countries (id bigint PRIMARY KEY, code text CHECK (length(code) = 2));

--# rule varchar-limit
--# bad
CREATE TABLE people (id bigint PRIMARY KEY, name varchar(50));
--# good
CREATE TABLE people (id bigint PRIMARY KEY, name text CHECK (length(name) <= 50));

--# rule timestamp-without-zone
--# bad
CREATE TABLE visits (id bigint PRIMARY KEY, at timestamp);
--# good
CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz);

--# rule money-column
--# bad
CREATE TABLE prices (id bigint PRIMARY KEY, price money);
--# good
CREATE TABLE prices (id bigint PRIMARY KEY, price numeric(19, 4));

--# rule integer-key
--# bad
CREATE TABLE orders (id integer PRIMARY KEY);
--# good
CREATE TABLE orders (id bigint PRIMARY KEY, quantity integer);

--# rule serial-column
--# bad
CREATE TABLE orders (id bigserial PRIMARY KEY);
--# good
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

--# rule foreign-key-without-index
--# given
CREATE TABLE customers (id bigint PRIMARY KEY);
--# bad
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
--# good
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
CREATE INDEX idx_orders_customer_id ON orders (customer_id);

--# rule table-without-primary-key
--# bad
CREATE TABLE orders (id bigint NOT NULL);
--# good
CREATE TABLE orders (id bigint NOT NULL);
ALTER TABLE orders ADD PRIMARY KEY (id);

--# rule wide-index
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, a bigint, b bigint, c bigint, d bigint);
--# bad
CREATE INDEX CONCURRENTLY idx_orders_many ON orders (a, b, c, d);
--# good
CREATE INDEX CONCURRENTLY idx_orders_few ON orders (a, b, c);

--# rule duplicate-index
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, a bigint, b bigint);
CREATE INDEX idx_orders_a ON orders (a);
--# bad
CREATE INDEX CONCURRENTLY idx_orders_a_b ON orders (a, b);
--# good
CREATE INDEX CONCURRENTLY idx_orders_b_a ON orders (b, a);

--# rule name-truncated
--# bad
CREATE TABLE a_name_that_goes_on_and_on_until_nobody_can_remember_how_it_began (id bigint PRIMARY KEY);
--# good
CREATE TABLE a_name_that_goes_on_and_on_until_it_is_just_short_enough_for_it (id bigint PRIMARY KEY);

--# rule name-needs-quotes
--# bad
CREATE TABLE "Orders" (id bigint PRIMARY KEY);
--# good small letters need no quotes, even where they are there
CREATE TABLE "orders" (id bigint PRIMARY KEY);

--# rule enum-type
--# bad
CREATE TYPE mood AS ENUM ('good', 'bad');
--# good
CREATE TABLE days (at date PRIMARY KEY, mood text CHECK (mood IN ('good', 'bad')));

--# rule checked-domain
--# bad
CREATE DOMAIN percentage AS integer CHECK (VALUE BETWEEN 0 AND 100);
--# good
CREATE DOMAIN percentage AS integer;

--# rule column-order
--# bad
CREATE TABLE readings (valid boolean, at timestamptz, alarm boolean, id bigint PRIMARY KEY);
--# good
CREATE TABLE readings (id bigint PRIMARY KEY, at timestamptz, valid boolean, alarm boolean);

--# rule skipped-statement
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
CREATE TABLE IF NOT EXISTS orders (number bigint PRIMARY KEY);
--# good
CREATE TABLE IF NOT EXISTS invoices (number bigint PRIMARY KEY);
