-- name: leave$
-- Leave a message to be sent; nothing happens when its key was used before.
INSERT INTO outbox (key, subject, chat, edits, body, priority, locale, doubtful, state, created_at, not_before)
VALUES (:key, :subject, :chat, :edits, :body, :priority, :locale, :doubtful, 'waiting', :now, :now)
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: supersede_edits!
-- A newer look of the same message replaces older ones that were not sent yet.
UPDATE outbox SET state = 'superseded'
WHERE chat = :chat AND edits = :edits AND state = 'waiting';

-- name: supersede!
-- Notices about something that has changed meanwhile need not be sent any more.
UPDATE outbox SET withdrawn = 1, state = CASE WHEN state = 'waiting' THEN 'superseded' ELSE state END
WHERE subject = :subject AND state IN ('waiting', 'sending') AND key LIKE :keys;

-- name: next^
-- The most urgent message that may be sent now and whose chat has nothing under way.
SELECT * FROM outbox AS o
WHERE o.state = 'waiting' AND o.not_before <= :now
  AND NOT EXISTS (SELECT 1 FROM outbox AS b WHERE b.chat = o.chat AND b.state = 'sending')
  AND NOT EXISTS (SELECT 1 FROM outbox AS c WHERE c.chat = o.chat AND c.state = 'waiting' AND c.not_before > :now
                  AND c.attempts > 0 AND c.id < o.id AND o.edits IS NULL)
ORDER BY o.priority, o.id
LIMIT 1;

-- name: take!
-- Claim what was seen: nobody else has tried it meanwhile.
UPDATE outbox SET state = 'sending', attempts = attempts + 1
WHERE id = :id AND state = 'waiting' AND attempts = :attempts;

-- name: record_sent!
UPDATE outbox SET state = 'sent', sent_at = :now, message = :message, problem = NULL WHERE id = :id;

-- name: record_failed!
UPDATE outbox SET state = 'failed', problem = :problem WHERE id = :id;

-- name: try_later!
-- A look that was replaced while it was on its way is not tried again: it would undo the newer one. Nor is a notice
-- that was withdrawn meanwhile.
UPDATE outbox SET not_before = :later, problem = :problem,
    doubtful = CASE WHEN doubtful > :doubtful THEN doubtful ELSE :doubtful END,
    state = CASE WHEN withdrawn = 1 THEN 'superseded' WHEN edits IS NOT NULL AND EXISTS (
        SELECT 1 FROM outbox AS n WHERE n.chat = outbox.chat AND n.edits = outbox.edits AND n.id > outbox.id)
    THEN 'superseded' ELSE 'waiting' END
WHERE id = :id;

-- name: move_chat!
UPDATE outbox SET chat = :new_chat WHERE chat = :chat AND state IN ('waiting', 'sending');

-- name: in_doubt!
-- After a crash: what was being sent may or may not have arrived. It is sent again and says so.
UPDATE outbox SET doubtful = 1, problem = 'interrupted',
    state = CASE WHEN withdrawn = 1 THEN 'superseded' ELSE 'waiting' END
WHERE state = 'sending';

-- name: sending$
SELECT COUNT(*) FROM outbox WHERE state = 'sending';

-- name: by_message^
-- The notice that a person replied or reacted to.
SELECT * FROM outbox WHERE chat = :chat AND (message = :message OR edits = :message) ORDER BY id LIMIT 1;

-- name: sent_about
-- Messages of a kind about a subject that people have on their screens.
SELECT * FROM outbox WHERE subject = :subject AND state = 'sent' AND edits IS NULL AND key LIKE :keys ORDER BY id;

-- name: left_about
-- The notices about a subject, whatever became of them: their keys are the memory of what was told.
SELECT id, key, chat, state, created_at FROM outbox WHERE subject = :subject AND edits IS NULL AND key LIKE :keys ORDER BY id;

-- name: told_lately
SELECT key, subject, message FROM outbox
WHERE chat = :chat AND state = 'sent' AND edits IS NULL AND subject LIKE 'promise:%' ORDER BY id DESC LIMIT 50;
