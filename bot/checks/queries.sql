-- name: keep_draft!
INSERT INTO checked_drafts (id, person_id, text, at) VALUES (:id, :person_id, :text, :now) ON CONFLICT (id) DO NOTHING;

-- name: draft^
SELECT * FROM checked_drafts WHERE id = :id AND person_id = :person_id;

-- name: forget_drafts!
DELETE FROM checked_drafts WHERE at < :before;


-- name: check$
INSERT INTO checks (person_id, team_id, at, untold) VALUES (:person_id, :team_id, :now, :untold) RETURNING id;

-- name: found!
INSERT INTO check_findings (check_id, rule, kind, times) VALUES (:check_id, :rule, :kind, :times);

-- name: own_checks^
-- How often a person checked, in this stretch and in the one before it.
SELECT COALESCE(SUM(CASE WHEN at >= :since THEN 1 ELSE 0 END), 0) AS times,
       COALESCE(SUM(CASE WHEN at >= :since THEN 0 ELSE 1 END), 0) AS before
FROM checks
WHERE person_id = :person_id AND ((at >= :since AND at <= :now) OR (at >= :before AND at <= :until));

-- name: own_rules
-- What was found with a person, by rule, in this stretch and in the one before it.
SELECT f.rule, f.kind, SUM(CASE WHEN c.at >= :since THEN f.times ELSE 0 END) AS times,
       SUM(CASE WHEN c.at >= :since THEN 0 ELSE f.times END) AS before
FROM checks AS c JOIN check_findings AS f ON f.check_id = c.id
WHERE c.person_id = :person_id AND ((c.at >= :since AND c.at <= :now) OR (c.at >= :before AND c.at <= :until))
GROUP BY f.rule, f.kind ORDER BY f.kind, f.rule;

-- name: team_checks^
-- The same of a team's agents, and how many of them there are in each stretch.
SELECT COALESCE(SUM(CASE WHEN c.at >= :since THEN 1 ELSE 0 END), 0) AS times,
       COALESCE(SUM(CASE WHEN c.at >= :since THEN 0 ELSE 1 END), 0) AS before,
       COUNT(DISTINCT CASE WHEN c.at >= :since THEN c.person_id END) AS people,
       COUNT(DISTINCT CASE WHEN c.at >= :since THEN NULL ELSE c.person_id END) AS people_before
FROM checks AS c JOIN people AS p ON p.id = c.person_id
WHERE c.team_id = :team_id AND p.role = 'agent'
  AND ((c.at >= :since AND c.at <= :now) OR (c.at >= :before AND c.at <= :until));

-- name: team_rules
SELECT f.rule, f.kind, SUM(CASE WHEN c.at >= :since THEN f.times ELSE 0 END) AS times,
       SUM(CASE WHEN c.at >= :since THEN 0 ELSE f.times END) AS before
FROM checks AS c JOIN check_findings AS f ON f.check_id = c.id JOIN people AS p ON p.id = c.person_id
WHERE c.team_id = :team_id AND p.role = 'agent'
  AND ((c.at >= :since AND c.at <= :now) OR (c.at >= :before AND c.at <= :until))
GROUP BY f.rule, f.kind ORDER BY f.kind, f.rule;


-- name: channel$
SELECT channel FROM check_styles WHERE team_id = :team_id;

-- name: set_channel!
INSERT INTO check_styles (team_id, channel, set_by, set_at) VALUES (:team_id, :channel, :who, :now)
ON CONFLICT (team_id) DO UPDATE SET channel = excluded.channel, set_by = excluded.set_by, set_at = excluded.set_at;


-- name: quiet_group$
-- The team whose quiet group this is.
SELECT team_id FROM quiet_groups WHERE chat = :chat;

-- name: hush!
INSERT INTO quiet_groups (chat, team_id, set_by, set_at) VALUES (:chat, :team_id, :who, :now)
ON CONFLICT (chat) DO UPDATE SET team_id = excluded.team_id, set_by = excluded.set_by, set_at = excluded.set_at;

-- name: speak_again!
DELETE FROM quiet_groups WHERE chat = :chat AND team_id = :team_id;

-- name: move_quiet!
UPDATE quiet_groups SET chat = :new_chat WHERE chat = :chat;

-- name: next_tell^
SELECT look_at, told_at FROM quiet_tells WHERE person_id = :person_id;

-- name: tell_at!
INSERT INTO quiet_tells (person_id, look_at) VALUES (:person_id, :look_at)
ON CONFLICT (person_id) DO UPDATE SET look_at = excluded.look_at;

-- name: tells_due
SELECT person_id, look_at FROM quiet_tells WHERE look_at <= :now ORDER BY look_at, person_id LIMIT :most;

-- name: claim_tell!
UPDATE quiet_tells SET look_at = NULL, told_at = :now WHERE person_id = :person_id AND look_at = :seen;

-- name: untold
SELECT c.id, c.at, f.rule, f.kind, f.times FROM checks AS c JOIN check_findings AS f ON f.check_id = c.id
WHERE c.person_id = :person_id AND c.untold = 1 ORDER BY c.id, f.rule;

-- name: told!
UPDATE checks SET untold = 0 WHERE person_id = :person_id AND untold = 1;

-- name: next_look$
SELECT MIN(look_at) FROM (
    SELECT look_at FROM quiet_tells WHERE look_at IS NOT NULL
    UNION ALL SELECT look_at FROM requests WHERE state = 'waiting' AND look_at IS NOT NULL
) AS looks;


-- name: request$
-- A request for a lead's word; nothing when this text was asked about before.
INSERT INTO requests (source, team_id, person_id, text, draft, why, number, state, level, told_at, look_at, created_at)
VALUES (:source, :team_id, :person_id, :text, :draft, :why, :number, 'waiting', :level, :now, :look_at, :now)
ON CONFLICT (source) DO NOTHING
RETURNING id;

-- name: request_by_id^
SELECT * FROM requests WHERE id = :id;

-- name: decide!
-- Only one lead can: nobody has decided yet.
UPDATE requests SET state = :state, decided_by = :who, decided_at = :now, opinion = :opinion, look_at = NULL
WHERE id = :id AND state = 'waiting';

-- name: requests_due
SELECT id FROM requests WHERE state = 'waiting' AND look_at <= :now ORDER BY look_at, id LIMIT :most;

-- name: looked!
-- Claim what was seen: nobody decided or looked meanwhile.
UPDATE requests SET level = :level, told_at = :told_at, look_at = :next
WHERE id = :id AND state = 'waiting' AND look_at = :seen;

-- name: look_now!
UPDATE requests SET look_at = :now WHERE id = :id AND state = 'waiting' AND look_at IS NOT NULL;

-- name: note!
INSERT INTO events (at, subject, who, kind, detail) VALUES (:at, :subject, :who, :kind, :detail);
