CREATE TABLE stock (article bigint PRIMARY KEY, amount integer NOT NULL);
