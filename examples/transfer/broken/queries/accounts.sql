-- name: Transfer :exec
BEGIN;
UPDATE accounts SET balance = balance - $3 WHERE id = $1;
UPDATE accounts SET balance = balance + $3 WHERE id = $2;
COMMIT;

-- name: Balance :one
SELECT balance FROM accounts WHERE id = $1;
