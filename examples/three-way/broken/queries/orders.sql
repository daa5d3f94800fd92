-- name: PlaceOrder :exec
BEGIN;
UPDATE customers SET open_orders = open_orders + 1 WHERE id = $1;
UPDATE orders SET state = 'placed' WHERE id = $2;
COMMIT;

-- name: BillOrder :exec
BEGIN;
UPDATE orders SET state = 'billed' WHERE id = $1;
UPDATE invoices SET paid = false WHERE id = $2;
COMMIT;

-- name: CloseInvoice :exec
BEGIN;
UPDATE invoices SET paid = true WHERE id = $1;
UPDATE customers SET open_orders = open_orders - 1 WHERE id = $2;
COMMIT;
