-- name: LockArticles :many
SELECT id, sku, stock FROM articles WHERE id IN (sqlc.slice(ids)) FOR UPDATE;

-- name: BookStock :exec
UPDATE articles SET stock = stock - sqlc.arg(quantity) WHERE id = sqlc.arg(id);

-- name: CloseOut :many
UPDATE articles SET stock = 0 WHERE sku = ANY (sqlc.arg(skus)::text[]) RETURNING id;
