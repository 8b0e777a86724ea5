-- name: searched!
INSERT INTO searches (id, person_id, query, at, found, given, hits)
VALUES (:id, :person_id, :query, :now, :found, :given, :hits)
ON CONFLICT (id) DO NOTHING;

-- name: search^
SELECT * FROM searches WHERE id = :id;

-- name: keep!
UPDATE searches SET given = :given, hits = :hits, judged = :judged WHERE id = :id;

-- name: choose!
INSERT INTO choices (person_id, team_id, phrase, kind, query, at)
VALUES (:person_id, :team_id, :phrase, :kind, :query, :now)
ON CONFLICT (person_id, phrase, query, kind) DO NOTHING;

-- name: take_back!
DELETE FROM choices WHERE person_id = :person_id AND phrase = :phrase AND kind = :kind AND query = :query;

-- name: liked
-- How often the team, this person, and this person for this query chose each of nine phrases (or turned them down).
SELECT phrase,
    SUM(CASE kind WHEN 'down' THEN -1 ELSE 1 END) AS team,
    SUM(CASE WHEN person_id <> :person_id THEN 0 WHEN kind = 'down' THEN -1 ELSE 1 END) AS person,
    SUM(CASE WHEN person_id <> :person_id OR query <> :query THEN 0 WHEN kind = 'down' THEN -1 ELSE 1 END) AS here
FROM choices
WHERE team_id = :team_id AND phrase IN (:p0, :p1, :p2, :p3, :p4, :p5, :p6, :p7, :p8)
GROUP BY phrase;

-- name: favourites
SELECT phrase, wording FROM favourites WHERE person_id = :person_id ORDER BY at DESC, phrase;

-- name: favour!
INSERT INTO favourites (person_id, phrase, wording, at) VALUES (:person_id, :phrase, :wording, :now)
ON CONFLICT (person_id, phrase) DO NOTHING;

-- name: unfavour!
DELETE FROM favourites WHERE person_id = :person_id AND phrase = :phrase;

-- name: unkeep!
DELETE FROM choices WHERE person_id = :person_id AND phrase = :phrase AND kind = 'kept';
