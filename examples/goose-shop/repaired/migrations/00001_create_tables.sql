-- +goose Up
CREATE TABLE customers (
  id bigserial PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL
);

CREATE TABLE articles (
  id bigserial PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  title text NOT NULL,
  stock integer NOT NULL DEFAULT 0
);

CREATE TABLE orders (
  id bigserial PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
  placed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
  order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  article_id bigint NOT NULL REFERENCES articles (id),
  quantity integer NOT NULL,
  PRIMARY KEY (order_id, article_id)
);

-- +goose StatementBegin
CREATE FUNCTION order_total(wanted bigint) RETURNS bigint AS $$
BEGIN
  RETURN (SELECT sum(quantity) FROM order_lines WHERE order_id = wanted);
END;
$$ LANGUAGE plpgsql STABLE;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION order_total(bigint);
DROP TABLE order_lines;
DROP TABLE orders;
DROP TABLE articles;
DROP TABLE customers;
