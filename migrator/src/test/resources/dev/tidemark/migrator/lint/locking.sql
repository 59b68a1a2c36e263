--# rule index-not-concurrent
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
--# bad
CREATE INDEX idx_orders_customer_id ON orders (customer_id);
--# good
CREATE INDEX CONCURRENTLY idx_orders_customer_id ON orders (customer_id);
--# good a new table has no rows and no users
CREATE TABLE invoices (id bigint PRIMARY KEY, customer_id bigint);
CREATE INDEX idx_invoices_customer_id ON invoices (customer_id);
--# bad inside of a block, too
DO $$ BEGIN EXECUTE 'CREATE INDEX idx_orders_customer_id ON orders (customer_id)'; END $$;
--# given
CREATE TABLE events (at date NOT NULL, kind text, PRIMARY KEY (at)) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--# bad on a partitioned table
CREATE INDEX idx_events_kind ON events (kind);
--# good on a partitioned table
CREATE INDEX idx_events_kind ON ONLY events (kind);
--# next
CREATE INDEX CONCURRENTLY idx_events_2026_kind ON events_2026 (kind);
--# next
ALTER INDEX idx_events_kind ATTACH PARTITION idx_events_2026_kind;

--# rule index-drop-not-concurrent
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
CREATE INDEX idx_orders_customer_id ON orders (customer_id);
--# bad
DROP INDEX idx_orders_customer_id;
--# good
DROP INDEX CONCURRENTLY idx_orders_customer_id;

--# rule check-without-not-valid
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, quantity bigint);
--# bad
ALTER TABLE orders ADD CONSTRAINT orders_quantity_positive CHECK (quantity > 0);
--# good
ALTER TABLE orders ADD CONSTRAINT orders_quantity_positive CHECK (quantity > 0) NOT VALID;
--# next
ALTER TABLE orders VALIDATE CONSTRAINT orders_quantity_positive;

--# rule foreign-key-without-not-valid
--# given
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
CREATE INDEX idx_orders_customer_id ON orders (customer_id);
--# bad
ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id);
--# good
ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
--# next
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey;
--# good a column that comes with its foreign key is empty
ALTER TABLE orders ADD COLUMN payer_id bigint REFERENCES customers (id);

--# rule not-null-scan
--# given
CREATE TABLE users (id bigint PRIMARY KEY, email text);
--# bad
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
--# good
ALTER TABLE users ADD CONSTRAINT users_email_given CHECK (email IS NOT NULL) NOT VALID;
--# next
UPDATE users SET email = 'unknown' WHERE email IS NULL;
--# next
ALTER TABLE users VALIDATE CONSTRAINT users_email_given;
--# next
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_email_given;
--# good from Postgres 18 on @18
ALTER TABLE users ADD CONSTRAINT users_email_not_null NOT NULL email NOT VALID;
--# next
UPDATE users SET email = 'unknown' WHERE email IS NULL;
--# next
ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;

--# rule unique-builds-index
--# given
CREATE TABLE users (id bigint PRIMARY KEY, email text);
--# bad
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);
--# good
CREATE UNIQUE INDEX CONCURRENTLY uq_users_email ON users (email);
--# next
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX uq_users_email;

--# rule primary-key-builds-index
--# given
CREATE TABLE readings (sensor bigint NOT NULL, at timestamptz NOT NULL);
--# bad
ALTER TABLE readings ADD PRIMARY KEY (sensor, at);
--# good
CREATE UNIQUE INDEX CONCURRENTLY readings_pkey ON readings (sensor, at);
--# next
ALTER TABLE readings ADD PRIMARY KEY USING INDEX readings_pkey;

--# rule primary-key-scan
--# given
CREATE TABLE readings (number bigint);
CREATE UNIQUE INDEX readings_pkey ON readings (number);
DELETE FROM readings;
--# bad
ALTER TABLE readings ADD PRIMARY KEY USING INDEX readings_pkey;
--# given
CREATE TABLE readings (number bigint NOT NULL);
CREATE UNIQUE INDEX readings_pkey ON readings (number);
--# good the column is NOT NULL already
ALTER TABLE readings ADD PRIMARY KEY USING INDEX readings_pkey;

--# rule exclusion-builds-index
--# given
CREATE TABLE bookings (id bigint PRIMARY KEY, period tstzrange);
--# bad
ALTER TABLE bookings ADD CONSTRAINT bookings_apart EXCLUDE USING gist (period WITH &&);
--# good on a new table
CREATE TABLE stays (id bigint PRIMARY KEY, period tstzrange,
  CONSTRAINT stays_apart EXCLUDE USING gist (period WITH &&));

--# rule domain-constraint-scan
--# given
CREATE DOMAIN percentage AS integer;
CREATE TABLE rates (id bigint PRIMARY KEY, rate percentage);
--# bad
ALTER DOMAIN percentage ADD CONSTRAINT percentage_positive CHECK (VALUE >= 0);
--# good
ALTER DOMAIN percentage ADD CONSTRAINT percentage_positive CHECK (VALUE >= 0) NOT VALID;
--# given
CREATE DOMAIN percentage AS integer;
--# good no table uses it
ALTER DOMAIN percentage ADD CONSTRAINT percentage_positive CHECK (VALUE >= 0);

--# rule validate-under-lock
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, quantity bigint);
--# bad
ALTER TABLE orders ADD CONSTRAINT orders_quantity_positive CHECK (quantity > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_quantity_positive;
--# good
ALTER TABLE orders ADD CONSTRAINT orders_quantity_positive CHECK (quantity > 0) NOT VALID;
--# next
ALTER TABLE orders VALIDATE CONSTRAINT orders_quantity_positive;

--# rule long-statement-under-lock
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, quantity bigint);
CREATE TABLE parcels (id bigint PRIMARY KEY, weight bigint);
--# bad
ALTER TABLE orders ADD COLUMN weight bigint;
UPDATE parcels SET weight = 1 WHERE weight IS NULL;
--# good
UPDATE parcels SET weight = 1 WHERE weight IS NULL;
--# next
ALTER TABLE orders ADD COLUMN weight bigint;
--# good a new table may be filled
ALTER TABLE orders ADD COLUMN weight bigint;
CREATE TABLE units (id bigint PRIMARY KEY, name text);
INSERT INTO units VALUES (1, 'gram'), (2, 'piece');

--# rule many-locks
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE parcels (id bigint PRIMARY KEY);
--# bad
ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE parcels ADD COLUMN note text;
--# good
ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE orders ADD COLUMN remark text;
--# next
ALTER TABLE parcels ADD COLUMN note text;

--# rule explicit-lock
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
LOCK TABLE orders IN EXCLUSIVE MODE;
--# good a weak lock keeps nobody waiting
LOCK TABLE orders IN ROW SHARE MODE;

--# rule attach-partition-scan
--# given
CREATE TABLE events (at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 (at date NOT NULL, kind text);
INSERT INTO events_2026 VALUES ('2026-02-03', 'a'), ('2026-03-04', 'b');
--# bad
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--# good
ALTER TABLE events_2026 ADD CONSTRAINT events_2026_bounds
  CHECK (at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01') NOT VALID;
--# next
ALTER TABLE events_2026 VALIDATE CONSTRAINT events_2026_bounds;
--# next
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

--# rule default-partition-scan
--# given
CREATE TABLE events (at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_default PARTITION OF events DEFAULT;
INSERT INTO events VALUES ('1999-12-31', 'a');
--# bad
CREATE TABLE events_2026 (LIKE events);
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--# good
ALTER TABLE events_default ADD CONSTRAINT events_default_not_2026
  CHECK (at < '2026-01-01' OR at >= '2027-01-01') NOT VALID;
--# next
ALTER TABLE events_default VALIDATE CONSTRAINT events_default_not_2026;
--# next
CREATE TABLE events_2026 (LIKE events);
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

--# rule create-partition-of
--# given
CREATE TABLE events (at date NOT NULL, kind text) PARTITION BY RANGE (at);
--# bad
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--# good
CREATE TABLE events_2026 (LIKE events);
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

--# rule detach-not-concurrent
--# given
CREATE TABLE events (at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--# bad
ALTER TABLE events DETACH PARTITION events_2026;
--# good
ALTER TABLE events DETACH PARTITION events_2026 CONCURRENTLY;

--# rule refresh-not-concurrent
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE MATERIALIZED VIEW order_count AS SELECT count(*) AS orders FROM orders;
CREATE UNIQUE INDEX uq_order_count ON order_count (orders);
--# bad
REFRESH MATERIALIZED VIEW order_count;
--# good
REFRESH MATERIALIZED VIEW CONCURRENTLY order_count;

--# rule reindex-not-concurrent
--# given
CREATE TABLE orders (id bigint PRIMARY KEY);
--# bad
REINDEX TABLE orders;
--# good
REINDEX TABLE CONCURRENTLY orders;

--# rule needs-no-transaction
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
--# bad @transactional
CREATE INDEX CONCURRENTLY idx_orders_customer_id ON orders (customer_id);
--# good with transactional = false @non-transactional
CREATE INDEX CONCURRENTLY idx_orders_customer_id ON orders (customer_id);

--# rule repeated-scan
--# given
CREATE TABLE orders (id bigint PRIMARY KEY, price integer, weight integer);
--# bad
ALTER TABLE orders ALTER COLUMN price TYPE bigint;
ALTER TABLE orders ALTER COLUMN weight TYPE bigint;
--# good one pass @errors
ALTER TABLE orders ALTER COLUMN price TYPE bigint, ALTER COLUMN weight TYPE bigint;
