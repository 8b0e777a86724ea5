-- name: store!
-- An update that is here already is the same update.
INSERT INTO updates (update_id, chat, body, received_at) VALUES (:update_id, :chat, :body, :now)
ON CONFLICT (update_id) DO NOTHING;

-- name: open
SELECT update_id, chat FROM updates WHERE done_at IS NULL ORDER BY update_id LIMIT 500;

-- name: body$
SELECT body FROM updates WHERE update_id = :update_id;

-- name: done!
UPDATE updates SET done_at = :now, problem = :problem WHERE update_id = :update_id AND done_at IS NULL;

-- name: forget_words!
UPDATE updates SET body = '{}' WHERE update_id = :update_id;

-- name: in_quiet_group$
SELECT COUNT(*) FROM quiet_groups WHERE chat = :chat;

-- name: waiting$
SELECT COUNT(*) FROM updates WHERE done_at IS NULL;

-- name: forget!
-- Telegram keeps updates for a day; after two, an update cannot come again and its text need not be kept.
DELETE FROM updates WHERE done_at IS NOT NULL AND done_at < :before;
