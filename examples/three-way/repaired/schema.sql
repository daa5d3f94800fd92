CREATE TABLE customers (id bigint PRIMARY KEY, open_orders integer NOT NULL DEFAULT 0);
CREATE TABLE orders (id bigint PRIMARY KEY, state text NOT NULL DEFAULT 'new');
CREATE TABLE invoices (id bigint PRIMARY KEY, paid boolean NOT NULL DEFAULT false);
