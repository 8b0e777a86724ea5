-- name: searched!
INSERT INTO searches (id, person_id, query, at, found) VALUES (:id, :person_id, :query, :now, :found)
ON CONFLICT (id) DO NOTHING;

-- name: search^
SELECT * FROM searches WHERE id = :id AND person_id = :person_id;
