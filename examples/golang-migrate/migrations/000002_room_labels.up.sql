ALTER TABLE rooms ADD COLUMN label text;
