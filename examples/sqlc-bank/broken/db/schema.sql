CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  balance bigint NOT NULL
);

CREATE TABLE parcels (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES accounts,
  state text NOT NULL
);
