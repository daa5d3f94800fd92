-- A worker takes a batch of the events that are due.
UPDATE event
SET state = 'claimed', worker = ?, claimed_at = now()
FROM (
  SELECT id
  FROM event
  WHERE state = 'waiting' AND due <= ? AND kind = ?
  ORDER BY id
  LIMIT ?
  FOR NO KEY UPDATE
) AS batch
WHERE event.id = batch.id
RETURNING event.id, event.kind, event.payload;
