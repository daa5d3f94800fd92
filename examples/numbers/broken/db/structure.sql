CREATE TABLE numbers (
  number integer PRIMARY KEY,
  spelling text NOT NULL,
  seen bigint NOT NULL DEFAULT 1
);
