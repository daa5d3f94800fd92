-- name: LockArticles :many
SELECT id, sku, stock FROM articles WHERE id IN (sqlc.slice(ids)) ORDER BY id FOR UPDATE;

-- name: BookStock :exec
UPDATE articles SET stock = stock - sqlc.arg(quantity) WHERE id = sqlc.arg(id);

-- name: CloseOut :many
UPDATE articles SET stock = 0
WHERE id IN (
  SELECT id FROM articles WHERE sku = ANY (sqlc.arg(skus)::text[])
  ORDER BY id FOR NO KEY UPDATE
)
RETURNING id;
