CREATE TABLE customers (
  id bigint PRIMARY KEY,
  total numeric(14, 2) NOT NULL DEFAULT 0,
  closed boolean NOT NULL DEFAULT false
);

CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer bigint NOT NULL REFERENCES customers,
  amount numeric(14, 2) NOT NULL DEFAULT 0
);
