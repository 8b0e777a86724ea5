-- name: draft$
INSERT INTO complaints (state, team_id, logged_by, said, customer, phone, place, matter, due_at, due_says,
                        due_why, source_message, created_at)
VALUES ('draft', :team_id, :logged_by, :said, :customer, :phone, :place, :matter, :due_at, :due_says, :due_why,
        :source, :now)
RETURNING id;

-- name: complaint^
SELECT * FROM complaints WHERE id = :id;

-- name: draft_from^
-- The draft that a message began, so that editing the message edits the draft.
SELECT * FROM complaints WHERE logged_by = :person_id AND source_message = :message ORDER BY id DESC LIMIT 1;

-- name: redraft!
UPDATE complaints SET said = :said, customer = :customer, phone = :phone, place = :place, matter = :matter,
    due_at = :due_at, due_says = :due_says, due_why = :due_why
WHERE id = :id AND state = 'draft';

-- name: retime!
UPDATE complaints SET due_at = :due_at, due_says = :due_says, due_why = :due_why WHERE id = :id AND state = 'draft';

-- name: register!
UPDATE complaints SET state = 'open', number = :number, registered_at = :now WHERE id = :id AND state = 'draft';

-- name: cancel!
UPDATE complaints SET state = 'cancelled' WHERE id = :id AND state = 'draft';

-- name: earlier^
-- What this telephone complained about lately, and how often a promise to it was broken.
SELECT COUNT(*) AS times, COALESCE(SUM(CASE WHEN COALESCE(p.answered_at, :now) > p.due_at THEN 1 ELSE 0 END), 0) AS broken
FROM complaints AS c LEFT JOIN promises AS p ON p.complaint_id = c.id AND p.clock = 'promise'
WHERE c.phone = :phone AND c.team_id = :team_id AND c.state = 'open' AND c.registered_at > :since;
