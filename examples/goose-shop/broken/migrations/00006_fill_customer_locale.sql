-- +goose Up
UPDATE customers SET locale = 'de' WHERE email LIKE '%.de';

-- +goose Down
UPDATE customers SET locale = 'en' WHERE email LIKE '%.de';
