-- +goose Up
UPDATE articles SET slug = lower(replace(title, ' ', '-')) WHERE slug IS NULL;

-- +goose Down
UPDATE articles SET slug = NULL;
