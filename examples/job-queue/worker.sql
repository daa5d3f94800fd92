-- Take one job.
UPDATE jobs
SET locked_by = $1, attempts = attempts + 1
WHERE id = (
  SELECT id
  FROM jobs
  WHERE queue = $2 AND run_at <= now() AND locked_by IS NULL
  ORDER BY run_at
  LIMIT 1
  FOR UPDATE SKIP LOCKED
)
RETURNING id, payload;

-- Take several.
WITH next AS (
  SELECT id
  FROM jobs
  WHERE queue = $2 AND run_at <= now() AND locked_by IS NULL
  ORDER BY run_at
  LIMIT 20
  FOR UPDATE SKIP LOCKED
)
UPDATE jobs
SET locked_by = $1, attempts = attempts + 1
FROM next
WHERE jobs.id = next.id
RETURNING jobs.id, jobs.payload;

-- Take one and delete it.
DELETE FROM jobs
WHERE id = (
  SELECT id FROM jobs WHERE queue = $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING payload;

-- Done.
DELETE FROM jobs WHERE id = $1 AND locked_by = $2;

-- Failed: try again later.
UPDATE jobs
SET locked_by = NULL, run_at = now() + attempts * interval '1 minute'
WHERE id = $1 AND locked_by = $2;
