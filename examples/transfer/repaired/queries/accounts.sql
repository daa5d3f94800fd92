-- name: Transfer :exec
BEGIN;
SELECT id FROM accounts WHERE id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE;
UPDATE accounts SET balance = balance - $3 WHERE id = $1;
UPDATE accounts SET balance = balance + $3 WHERE id = $2;
COMMIT;

-- name: Balance :one
SELECT balance FROM accounts WHERE id = $1;
