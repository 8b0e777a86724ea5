-- name: searched$
INSERT INTO searches (person_id, query, at, found) VALUES (:person_id, :query, :now, :found) RETURNING id;

-- name: search^
SELECT * FROM searches WHERE id = :id AND person_id = :person_id;
