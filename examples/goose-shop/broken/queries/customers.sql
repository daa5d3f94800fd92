-- name: CustomerByEmail :one
SELECT id, email, name FROM customers WHERE email = sqlc.arg(email);

-- name: RenameCustomer :exec
UPDATE customers SET name = sqlc.arg(name) WHERE id = sqlc.arg(id);
