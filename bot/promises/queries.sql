-- name: next_number$
-- The day's next running number.
INSERT INTO numbers (day, last) VALUES (:day, 1) ON CONFLICT (day) DO UPDATE SET last = numbers.last + 1 RETURNING last;

-- name: make$
INSERT INTO promises (number, clock, who, state, version, team_id, owner_id, complaint_id, customer, gist, due_at,
                      due_says, why, warn_at, set_at, look_at, policy, card_chat, card_message, created_at)
VALUES (:number, :clock, :who, 'open', 1, :team_id, :owner_id, :complaint_id, :customer, :gist, :due_at,
        :due_says, :why, :warn_at, :now, :now, :policy, :card_chat, :card_message, :now)
RETURNING id;

-- name: promise^
SELECT * FROM promises WHERE id = :id;

-- name: by_number^
SELECT * FROM promises WHERE number = :number AND team_id = :team_id AND clock = 'promise';

-- name: number_taken$
SELECT COUNT(*) FROM promises WHERE number = :number;

-- name: open_of_owner
-- What an agent answers for, the earliest first; of a complaint all its clocks.
SELECT * FROM promises WHERE owner_id = :owner_id AND state = 'open' AND who = 'agent' ORDER BY due_at, id;

-- name: due_between$
-- How many promises to customers fall due in this stretch of a team's time; team 0 is every team.
SELECT COUNT(*) FROM promises
WHERE state = 'open' AND clock = 'promise' AND due_at > :since AND due_at <= :until AND :team_id IN (team_id, 0);

-- name: clocks_of
-- Every clock of a complaint, the agent's own promise first.
SELECT * FROM promises WHERE complaint_id = :complaint_id ORDER BY clock <> 'promise', due_at, id;

-- name: due
-- What the sweep looks at now, the longest waiting first; never the newest first, or the oldest would starve.
SELECT id FROM promises WHERE state = 'open' AND look_at <= :now ORDER BY look_at, id LIMIT :most;

-- name: next_look$
SELECT MIN(look_at) FROM promises WHERE state = 'open';

-- name: looked!
-- Claim what was seen: nobody else looked, and the deadline is still the same.
UPDATE promises SET look_at = :next
WHERE id = :id AND state = 'open' AND version = :version AND look_at = :seen;

-- name: look_at_case!
-- Something happened to one clock of a complaint: the others may speak now.
UPDATE promises SET look_at = :now WHERE complaint_id = :complaint_id AND state = 'open';

-- name: look_now!
UPDATE promises SET look_at = :now WHERE id = :id AND state = 'open';

-- name: answer!
UPDATE promises SET state = :state, answered_by = :who, answered_at = :now, answer = :answer, look_at = NULL
WHERE id = :id AND state = 'open';

-- name: extend!
UPDATE promises SET version = version + 1, due_at = :due_at, due_says = :due_says, why = :why, warn_at = '[]',
    set_at = :now, look_at = :now,
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
INSERT INTO drafts (person_id, customer, gist, due_at, due_says, why, created_at)
VALUES (:person_id, :customer, :gist, :due_at, :due_says, :why, :now)
RETURNING id;

-- name: open_draft^
SELECT * FROM drafts WHERE id = :id AND person_id = :person_id AND closed = 0;

-- name: redraft!
UPDATE drafts SET due_at = :due_at, due_says = :due_says, why = :why WHERE id = :id;

-- name: close_draft!
UPDATE drafts SET closed = 1 WHERE id = :id;


-- name: calendar_stamp^
-- What differs after every change of a calendar, and after a team was added.
SELECT COUNT(*) AS changes, MAX(at) AS last, (SELECT COUNT(*) FROM teams) AS teams FROM events WHERE subject = 'calendar';

-- name: calendar_days
SELECT * FROM calendar_days ORDER BY team_id, year, day;

-- name: team_hours
SELECT * FROM team_hours;

-- name: team_names
SELECT id, name FROM teams;

-- name: calendar_day^
SELECT * FROM calendar_days WHERE team_id = :team_id AND year = 0 AND day = :day;

-- name: set_calendar_day!
INSERT INTO calendar_days (team_id, year, day, kind, name, hours, set_by, set_at)
VALUES (:team_id, :year, :day, :kind, :name, :hours, :who, :now)
ON CONFLICT (team_id, year, day)
DO UPDATE SET kind = excluded.kind, name = excluded.name, hours = excluded.hours, set_by = excluded.set_by,
    set_at = excluded.set_at;

-- name: clear_calendar_day!
DELETE FROM calendar_days WHERE team_id = :team_id AND year = 0 AND day = :day;

-- name: calendar_year
SELECT * FROM calendar_days WHERE team_id = :team_id AND year = :year ORDER BY day;

-- name: clear_calendar_year!
DELETE FROM calendar_days WHERE team_id = :team_id AND year = :year;

-- name: hours_of_team^
SELECT * FROM team_hours WHERE team_id = :team_id;

-- name: set_team_hours!
INSERT INTO team_hours (team_id, zone, hours, seasons, set_by, set_at)
VALUES (:team_id, :zone, :hours, :seasons, :who, :now)
ON CONFLICT (team_id)
DO UPDATE SET zone = excluded.zone, hours = excluded.hours, seasons = excluded.seasons, set_by = excluded.set_by,
    set_at = excluded.set_at;

-- name: clear_team_hours!
DELETE FROM team_hours WHERE team_id = :team_id;
