-- name: BookAll :exec
INSERT INTO stock (article, amount)
SELECT article, sum(amount) FROM unnest($1::bigint[], $2::integer[]) AS delivery (article, amount)
GROUP BY article
ORDER BY article
ON CONFLICT (article) DO UPDATE SET amount = stock.amount + excluded.amount;
