-- Events of workers that are gone go back into the queue.
UPDATE event
SET state = 'waiting', worker = NULL, claimed_at = NULL
FROM (
  SELECT id
  FROM event
  WHERE state = 'claimed' AND claimed_at < now() - ?::interval
  ORDER BY id
  FOR NO KEY UPDATE
) AS stale
WHERE event.id = stale.id;

-- A worker reports what it has done.
UPDATE event SET state = 'done' WHERE id = ? AND worker = ?;
