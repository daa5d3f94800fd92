CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  due timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting',
  worker text,
  claimed_at timestamptz
);

CREATE INDEX event_due ON event (due) WHERE state = 'waiting';
CREATE INDEX event_claimed ON event (claimed_at) WHERE state = 'claimed';
