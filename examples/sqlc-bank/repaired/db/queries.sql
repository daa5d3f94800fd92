-- name: ChargeAccount :exec
UPDATE accounts SET balance = balance - sqlc.arg(amount) WHERE id = sqlc.arg(id);

-- name: MarkParcel :exec
UPDATE parcels SET state = $2 WHERE id = $1;
