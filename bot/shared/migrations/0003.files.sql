-- depends: 0002.phrases

-- Files of phrases somebody sent to the bot; `id` is the update they came in
CREATE TABLE sent_files (
    id BIGINT PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    file TEXT NOT NULL,       -- by which Telegram gives it out again
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    settled_at TEXT           -- when it was imported or put away
);
