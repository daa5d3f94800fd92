-- +goose Up
UPDATE articles SET slug = lower(replace(title, ' ', '-'))
WHERE id IN (
  SELECT id FROM articles WHERE slug IS NULL ORDER BY id FOR NO KEY UPDATE
);

-- +goose Down
UPDATE articles SET slug = NULL
WHERE id IN (
  SELECT id FROM articles ORDER BY id FOR NO KEY UPDATE
);
