CREATE TABLE jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  run_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  locked_by text,
  payload jsonb NOT NULL
);

CREATE INDEX jobs_next ON jobs (queue, run_at) WHERE locked_by IS NULL;
