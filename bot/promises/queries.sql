-- name: next_number$
-- The day's next running number.
INSERT INTO numbers (day, last) VALUES (:day, 1) ON CONFLICT (day) DO UPDATE SET last = numbers.last + 1 RETURNING last;

-- name: make$
INSERT INTO promises (number, state, version, team_id, owner_id, complaint_id, customer, gist, due_at, due_says, set_at,
                      look_at, policy, card_chat, card_message, created_at)
VALUES (:number, 'open', 1, :team_id, :owner_id, :complaint_id, :customer, :gist, :due_at, :due_says, :now,
        :now, :policy, :card_chat, :card_message, :now)
RETURNING id;

-- name: promise^
SELECT * FROM promises WHERE id = :id;

-- name: by_number^
SELECT * FROM promises WHERE number = :number AND team_id = :team_id;

-- name: number_taken$
SELECT COUNT(*) FROM promises WHERE number = :number;

-- name: open_of_owner
SELECT * FROM promises WHERE owner_id = :owner_id AND state = 'open' ORDER BY due_at;

-- name: due
-- What the sweep looks at now, the longest waiting first; never the newest first, or the oldest would starve.
SELECT id FROM promises WHERE state = 'open' AND look_at <= :now ORDER BY look_at, id LIMIT :most;

-- name: next_look$
SELECT MIN(look_at) FROM promises WHERE state = 'open';

-- name: looked!
-- Claim what was seen: nobody else looked, and the deadline is still the same.
UPDATE promises SET look_at = :next
WHERE id = :id AND state = 'open' AND version = :version AND look_at = :seen;

-- name: look_now!
UPDATE promises SET look_at = :now WHERE id = :id AND state = 'open';

-- name: answer!
UPDATE promises SET state = 'kept', answered_by = :who, answered_at = :now, answer = :answer, look_at = NULL
WHERE id = :id AND state = 'open';

-- name: extend!
UPDATE promises SET version = version + 1, due_at = :due_at, due_says = :due_says, set_at = :now, look_at = :now,
    extended = extended + 1, raised_at = NULL, taken_by = NULL, taken_at = NULL
WHERE id = :id AND state = 'open' AND version = :version;

-- name: progress!
UPDATE promises SET progress = :progress, progress_at = :now WHERE id = :id AND state = 'open';

-- name: raise_up!
UPDATE promises SET raised_at = :now, look_at = :now WHERE id = :id AND state = 'open' AND raised_at IS NULL;

-- name: take!
UPDATE promises SET taken_by = :who, taken_at = :now, look_at = :now
WHERE id = :id AND state = 'open' AND taken_by IS NULL;

-- name: card!
UPDATE promises SET card_chat = :chat, card_message = :message WHERE id = :id;

-- name: note!
INSERT INTO events (at, subject, who, kind, detail) VALUES (:at, :subject, :who, :kind, :detail);


-- name: draft$
INSERT INTO drafts (person_id, customer, gist, due_at, due_says, created_at)
VALUES (:person_id, :customer, :gist, :due_at, :due_says, :now)
RETURNING id;

-- name: open_draft^
SELECT * FROM drafts WHERE id = :id AND person_id = :person_id AND closed = 0;

-- name: redraft!
UPDATE drafts SET due_at = :due_at, due_says = :due_says WHERE id = :id;

-- name: close_draft!
UPDATE drafts SET closed = 1 WHERE id = :id;
