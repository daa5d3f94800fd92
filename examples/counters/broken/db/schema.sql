CREATE TABLE products (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  hidden boolean NOT NULL DEFAULT false
);

-- Products are hidden, not deleted.
CREATE RULE hide AS ON DELETE TO products
  DO INSTEAD UPDATE products SET hidden = true WHERE id = OLD.id;

CREATE TABLE orders (
  id bigint PRIMARY KEY,
  state text NOT NULL DEFAULT 'open',
  total numeric(14, 2) NOT NULL DEFAULT 0
);

CREATE TABLE items (
  id bigserial PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
  product_id bigint NOT NULL REFERENCES products,
  price numeric(14, 2) NOT NULL
);

CREATE TABLE audit (
  at date NOT NULL,
  order_id bigint NOT NULL,
  state text NOT NULL
) PARTITION BY RANGE (at);
CREATE TABLE audit_2026_10 PARTITION OF audit FOR VALUES FROM ('2026-10-01') TO ('2026-11-01');
CREATE TABLE audit_2026_11 PARTITION OF audit FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');

CREATE FUNCTION count_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE orders SET total = total + NEW.price WHERE id = NEW.order_id;
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE orders SET total = total - OLD.price WHERE id = OLD.order_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER items_counted AFTER INSERT OR DELETE ON items
  FOR EACH ROW EXECUTE FUNCTION count_item();

CREATE FUNCTION audit_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (at, order_id, state) VALUES (current_date, NEW.id, NEW.state);
  RETURN NULL;
END $$;

CREATE TRIGGER orders_audited AFTER UPDATE OF state ON orders
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION audit_order();

-- Every night: orders without items are cancelled.
CREATE PROCEDURE cancel_empty_orders() LANGUAGE plpgsql AS $$
DECLARE
  empty record;
BEGIN
  FOR empty IN SELECT id FROM orders WHERE state = 'open' AND total = 0 LOOP
    UPDATE orders SET state = 'cancelled' WHERE id = empty.id;
  END LOOP;
EXCEPTION
  WHEN OTHERS THEN
    RAISE WARNING 'not cancelled: %', SQLERRM;
END $$;
