-- name: PlaceOrder :one
INSERT INTO orders (customer_id) VALUES (sqlc.arg(customer_id)) RETURNING id;

-- name: AddLine :exec
INSERT INTO order_lines (order_id, article_id, quantity)
VALUES (sqlc.arg(order_id), sqlc.arg(article_id), sqlc.arg(quantity));

-- name: OrdersOf :many
SELECT id, placed_at FROM orders WHERE customer_id = sqlc.arg(customer_id) ORDER BY placed_at;
