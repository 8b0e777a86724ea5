-- name: add$
INSERT INTO own_phrases (root, team_id, person_id, scope, state, situation, text, says, version, replaces, created_at)
VALUES (:root, :team_id, :person_id, :scope, 'draft', :situation, :text, :says, :version, :replaces, :now)
RETURNING id;

-- name: first_version!
UPDATE own_phrases SET root = id WHERE id = :id AND root IS NULL;

-- name: own_phrase^
SELECT * FROM own_phrases WHERE id = :id;

-- name: latest^
-- The version that counts: the one in use, or the last that was.
SELECT * FROM own_phrases WHERE root = :root AND state IN ('approved', 'withdrawn') ORDER BY id DESC LIMIT 1;

-- name: reword!
-- Only what nobody has decided about can be reworded.
UPDATE own_phrases SET text = :text WHERE id = :id AND state = :state;

-- name: situate!
UPDATE own_phrases SET situation = :situation, says = :says WHERE id = :id AND state = :state;

-- name: become!
-- Claim by changing: the state must still be what was seen.
UPDATE own_phrases SET state = :state, scope = :scope, valid_from = :valid_from, valid_until = :valid_until,
    decided_by = :who, decided_at = :now, reason = :reason
WHERE id = :id AND state = :seen;

-- name: redate!
UPDATE own_phrases SET valid_until = :valid_until, decided_by = :who, decided_at = :now
WHERE id = :id AND state = 'approved';

-- name: in_force
-- What this person may use now.
SELECT * FROM own_phrases
WHERE state = 'approved' AND valid_from <= :now AND (valid_until IS NULL OR valid_until > :now)
  AND ((scope = 'team' AND team_id = :team_id) OR (scope = 'personal' AND person_id = :person_id))
ORDER BY id;

-- name: stamp^
SELECT COUNT(*) AS many, COALESCE(MAX(id), 0) AS newest, COALESCE(MAX(decided_at), '') AS decided,
    COALESCE(MAX(valid_from), '') AS begun
FROM own_phrases
WHERE state = 'approved' AND valid_from <= :now AND (valid_until IS NULL OR valid_until > :now)
  AND ((scope = 'team' AND team_id = :team_id) OR (scope = 'personal' AND person_id = :person_id));

-- name: team_in_force
SELECT * FROM own_phrases
WHERE state = 'approved' AND scope = 'team' AND team_id = :team_id AND valid_from <= :now
  AND (valid_until IS NULL OR valid_until > :now)
ORDER BY id DESC;

-- name: there
-- What is in use, will be, or waits for a decision, other versions of the same wording left out.
SELECT * FROM own_phrases
WHERE (state = 'proposed' OR (state = 'approved' AND (valid_until IS NULL OR valid_until > :now)))
  AND scope = :scope AND root <> :root
  AND ((scope = 'team' AND team_id = :team_id) OR (scope = 'personal' AND person_id = :person_id))
ORDER BY id;

-- name: team_kept
-- What the team has, expired ones among it, the newest first.
SELECT * FROM own_phrases WHERE state = 'approved' AND scope = 'team' AND team_id = :team_id ORDER BY id DESC;

-- name: personal_kept
-- A person's own, and what they recommended that waits for a decision.
SELECT * FROM own_phrases
WHERE person_id = :person_id AND ((scope = 'personal' AND state = 'approved') OR state = 'proposed') ORDER BY id DESC;

-- name: proposed
-- What waits for a decision, the longest waiting first; an owner of the bot sees every team's.
SELECT * FROM own_phrases WHERE state = 'proposed' AND (team_id = :team_id OR :every = 1) ORDER BY id;

-- name: note!
INSERT INTO events (at, subject, who, kind, detail) VALUES (:at, :subject, :who, :kind, :detail);

-- name: note_gap!
-- The first gap since the last report sets when the next is made.
INSERT INTO gap_reports (team_id, look_at) VALUES (:team_id, :look_at)
ON CONFLICT (team_id) DO UPDATE SET look_at = COALESCE(gap_reports.look_at, :look_at);

-- name: reports_due
SELECT * FROM gap_reports WHERE look_at <= :now ORDER BY look_at;

-- name: next_report$
SELECT MIN(look_at) FROM gap_reports;

-- name: reported!
-- Claim the report that was seen; nothing is reported twice.
UPDATE gap_reports SET look_at = NULL, covered_until = :now WHERE team_id = :team_id AND look_at = :seen;

-- name: put_off!
UPDATE gap_reports SET look_at = :later WHERE team_id = :team_id AND look_at = :seen;

-- name: searches_between
SELECT s.id, s.query, s.found, s.hits, s.judged FROM searches AS s JOIN people AS p ON p.id = s.person_id
WHERE p.team_id = :team_id AND s.at > :since AND s.at <= :now ORDER BY s.at, s.id;

-- name: chosen
SELECT DISTINCT phrase FROM choices WHERE team_id = :team_id AND kind <> 'down';

-- name: gap^
-- A search that found nothing, or nothing liked.
SELECT s.id, s.query, p.team_id FROM searches AS s JOIN people AS p ON p.id = s.person_id
WHERE s.id = :id AND (s.found = 0 OR s.judged = 'down');

-- name: file_sent!
INSERT INTO sent_files (id, person_id, file, name, at) VALUES (:id, :person_id, :file, :name, :now)
ON CONFLICT (id) DO NOTHING;

-- name: sent_file^
SELECT * FROM sent_files WHERE id = :id AND person_id = :person_id;

-- name: settle_file!
-- Claim by changing: a file is taken in or put away once.
UPDATE sent_files SET settled_at = :now WHERE id = :id AND person_id = :person_id AND settled_at IS NULL;

-- name: add_taken$
-- A wording of a file, in use by the team at once; it has no root yet, until all of the file are in.
INSERT INTO own_phrases (team_id, person_id, scope, state, situation, text, says, valid_from, valid_until,
    decided_by, decided_at, created_at)
VALUES (:team_id, :who, 'team', 'approved', :situation, :text, :says, :valid_from, :valid_until, :who, :now, :now)
RETURNING id;

-- name: note_taken!
-- One event for each wording without a root: only those that came in by this transaction. Their words stay in their rows.
INSERT INTO events (at, subject, who, kind, detail)
SELECT :now, 'own-' || id, :who, 'approved', :detail FROM own_phrases WHERE root IS NULL ORDER BY id;

-- name: first_versions!
UPDATE own_phrases SET root = id WHERE root IS NULL;
