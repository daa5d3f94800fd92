-- Reserves some rooms of a floor.
SELECT id FROM rooms WHERE floor = $1 AND reserved_by IS NULL LIMIT $2 FOR UPDATE;

-- Everything that somebody had is free again.
UPDATE rooms SET reserved_by = NULL WHERE reserved_by = $1;
