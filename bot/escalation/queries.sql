-- name: open_of_team
-- What a team answers for, the earliest first; of a complaint all its clocks.
SELECT * FROM promises WHERE team_id = :team_id AND state = 'open' AND who = 'agent' ORDER BY due_at, id;

-- name: moved
-- How a deadline came to be: when it was made and the latest changes.
SELECT e.at, e.kind, e.detail, p.name AS who FROM events AS e LEFT JOIN people AS p ON p.id = e.who
WHERE e.subject = :subject AND e.kind IN ('made', 'extended')
  AND (e.kind = 'made' OR e.id IN (SELECT id FROM events WHERE subject = :subject AND kind = 'extended' ORDER BY id DESC LIMIT 10))
ORDER BY e.id;
