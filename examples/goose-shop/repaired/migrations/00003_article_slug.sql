-- +goose Up
ALTER TABLE articles ADD COLUMN slug text;

-- +goose Down
ALTER TABLE articles DROP COLUMN slug;
