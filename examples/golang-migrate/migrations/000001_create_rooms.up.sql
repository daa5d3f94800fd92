CREATE TABLE rooms (
  id integer PRIMARY KEY,
  floor integer NOT NULL,
  reserved_by text
);
