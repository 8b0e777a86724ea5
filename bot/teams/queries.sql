-- name: person_by_telegram^
SELECT p.*, t.name AS team FROM people AS p JOIN teams AS t ON t.id = p.team_id WHERE p.telegram_id = :telegram_id AND p.left_at IS NULL;

-- name: person^
SELECT p.*, t.name AS team FROM people AS p JOIN teams AS t ON t.id = p.team_id WHERE p.id = :id;

-- name: people
SELECT p.*, t.name AS team FROM people AS p JOIN teams AS t ON t.id = p.team_id WHERE p.left_at IS NULL ORDER BY t.id, p.id;

-- name: in_role
-- Who fills a post of a team.
SELECT p.*, t.name AS team FROM people AS p JOIN teams AS t ON t.id = p.team_id
WHERE p.team_id = :team_id AND p.role = :role AND p.left_at IS NULL ORDER BY p.id;

-- name: all_in_role
SELECT p.*, t.name AS team FROM people AS p JOIN teams AS t ON t.id = p.team_id
WHERE p.role = :role AND p.left_at IS NULL ORDER BY p.id;

-- name: add_person$
INSERT INTO people (telegram_id, name, role, team_id, locale, created_at)
VALUES (:telegram_id, :name, :role, :team_id, :locale, :now)
ON CONFLICT (telegram_id) DO UPDATE SET name = :name, role = :role, team_id = :team_id, left_at = NULL
RETURNING id;

-- name: leave!
UPDATE people SET left_at = :now WHERE telegram_id = :telegram_id AND left_at IS NULL;

-- name: started!
UPDATE people SET started_at = COALESCE(started_at, :now), unreachable_since = NULL WHERE id = :id;

-- name: unreachable!
UPDATE people SET unreachable_since = COALESCE(unreachable_since, :now) WHERE telegram_id = :telegram_id;

-- name: speak!
UPDATE people SET locale = :locale WHERE id = :id;

-- name: live_in!
UPDATE people SET zone = :zone WHERE id = :id;

-- name: owners$
SELECT COUNT(*) FROM people WHERE role = 'owner' AND left_at IS NULL;

-- name: team_by_name^
SELECT * FROM teams WHERE name = :name;

-- name: first_team^
SELECT * FROM teams ORDER BY id LIMIT 1;

-- name: add_team$
INSERT INTO teams (name, created_at) VALUES (:name, :now) RETURNING id;

-- name: team_of_group^
SELECT * FROM teams WHERE group_chat = :chat;

-- name: team^
SELECT * FROM teams WHERE id = :id;

-- name: unbind_group!
UPDATE teams SET group_chat = NULL WHERE group_chat = :chat;

-- name: bind_group!
UPDATE teams SET group_chat = :chat WHERE id = :team_id;

-- name: move_group!
UPDATE teams SET group_chat = :new_chat WHERE group_chat = :chat;

-- name: invite!
INSERT INTO invitations (token_hash, role, team_id, made_by, made_at, expires_at)
VALUES (:token_hash, :role, :team_id, :made_by, :now, :expires_at);

-- name: use_invitation!
UPDATE invitations SET used_by = :telegram_id, used_at = :now
WHERE token_hash = :token_hash AND used_at IS NULL AND expires_at > :now;

-- name: invitation^
SELECT * FROM invitations WHERE token_hash = :token_hash;

-- name: withdraw_owner_invitations!
UPDATE invitations SET expires_at = :now WHERE role = 'owner' AND made_by IS NULL AND used_at IS NULL;

-- name: ask!
INSERT INTO questions (person_id, kind, subject, asked_at) VALUES (:person_id, :kind, :subject, :now)
ON CONFLICT (person_id) DO UPDATE SET kind = :kind, subject = :subject, asked_at = :now;

-- name: question^
SELECT * FROM questions WHERE person_id = :person_id AND asked_at > :since;

-- name: drop_question!
DELETE FROM questions WHERE person_id = :person_id;
