-- +goose Up
ALTER TABLE customers ADD COLUMN locale text;
UPDATE customers SET locale = 'en';

-- +goose Down
ALTER TABLE customers DROP COLUMN locale;
