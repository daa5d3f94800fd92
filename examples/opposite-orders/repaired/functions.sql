CREATE FUNCTION change_order(order_id bigint, customer_id bigint, difference numeric)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE customers SET total = total + difference WHERE id = customer_id;
  UPDATE orders SET amount = amount + difference WHERE id = order_id;
END $$;

CREATE FUNCTION refund(order_id bigint, customer_id bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM customers WHERE id = customer_id AND NOT closed FOR UPDATE;
  UPDATE orders SET amount = 0 WHERE id = order_id;
END $$;
