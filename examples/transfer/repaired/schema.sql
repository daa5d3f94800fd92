CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  owner text NOT NULL,
  balance numeric(14, 2) NOT NULL CHECK (balance >= 0)
);
