-- name: BookTwo :exec
BEGIN;
INSERT INTO stock (article, amount) VALUES ($1, $2)
ON CONFLICT (article) DO UPDATE SET amount = stock.amount + excluded.amount;
INSERT INTO stock (article, amount) VALUES ($3, $4)
ON CONFLICT (article) DO UPDATE SET amount = stock.amount + excluded.amount;
COMMIT;
