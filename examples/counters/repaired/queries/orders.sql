-- name: AddItems :exec
INSERT INTO items (order_id, product_id, price)
SELECT order_id, product_id, price
FROM unnest($1::bigint[], $2::bigint[], $3::numeric[]) AS new (order_id, product_id, price)
ORDER BY order_id;

-- name: PayOrder :exec
UPDATE orders SET state = 'paid' WHERE id = $1;

-- name: RemoveOrder :exec
DELETE FROM orders WHERE id = $1;

-- name: RemoveProduct :exec
DELETE FROM products WHERE id = $1;

-- name: CancelEmptyOrders :exec
CALL cancel_empty_orders();
