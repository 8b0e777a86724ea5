-- People and teams
CREATE TABLE teams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    group_chat BIGINT UNIQUE,
    created_at TEXT NOT NULL
);

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    telegram_id BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    team_id INTEGER NOT NULL REFERENCES teams (id),
    locale TEXT NOT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT,          -- pressed /start: the bot may write to them
    unreachable_since TEXT,   -- Telegram refused: blocked, or never started
    left_at TEXT              -- left the team: hears nothing more and may do nothing
);

CREATE TABLE invitations (
    token_hash TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    team_id INTEGER REFERENCES teams (id),
    made_by INTEGER REFERENCES people (id),
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_by BIGINT,
    used_at TEXT
);

-- What reached us: stored before Telegram is told it arrived
CREATE TABLE updates (
    update_id BIGINT PRIMARY KEY,
    chat BIGINT NOT NULL,
    body TEXT NOT NULL,
    received_at TEXT NOT NULL,
    done_at TEXT,
    problem TEXT
);
CREATE INDEX updates_open ON updates (update_id) WHERE done_at IS NULL;

-- The one question the bot is waiting for a person to answer
CREATE TABLE questions (
    person_id INTEGER PRIMARY KEY REFERENCES people (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    asked_at TEXT NOT NULL
);

-- What is to be said; `key` makes a second row for one notice impossible
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    chat BIGINT NOT NULL,
    edits BIGINT,             -- the message to change instead of sending a new one
    body TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,      -- waiting, sending, sent, superseded, failed
    locale TEXT NOT NULL,     -- the reader's language, for remarks added on the way
    withdrawn INTEGER NOT NULL DEFAULT 0, -- not true any more: if it has not arrived, it need not
    doubtful INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    not_before TEXT NOT NULL,
    sent_at TEXT,
    message BIGINT,           -- Telegram's number of the message sent
    problem TEXT
);
CREATE INDEX outbox_state ON outbox (state, priority, id);
CREATE INDEX outbox_chat ON outbox (chat, state);
CREATE INDEX outbox_subject ON outbox (subject);
CREATE INDEX outbox_message ON outbox (chat, message);

-- Complaints and promises
CREATE TABLE numbers (
    day TEXT PRIMARY KEY,
    last INTEGER NOT NULL
);

CREATE TABLE complaints (
    id INTEGER PRIMARY KEY,
    number TEXT UNIQUE,
    state TEXT NOT NULL,      -- draft, open, cancelled
    team_id INTEGER NOT NULL REFERENCES teams (id),
    logged_by INTEGER NOT NULL REFERENCES people (id),
    said TEXT NOT NULL,       -- exactly what the agent typed
    customer TEXT NOT NULL,
    phone TEXT NOT NULL,
    place TEXT NOT NULL,
    matter TEXT NOT NULL,
    due_at TEXT,
    due_says TEXT,
    source_message BIGINT,
    created_at TEXT NOT NULL,
    registered_at TEXT
);
CREATE INDEX complaints_phone ON complaints (phone, registered_at);

CREATE TABLE promises (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,      -- open, kept
    version INTEGER NOT NULL, -- grows with every new deadline
    team_id INTEGER NOT NULL REFERENCES teams (id),
    owner_id INTEGER NOT NULL REFERENCES people (id),
    complaint_id INTEGER REFERENCES complaints (id),
    customer TEXT NOT NULL,
    gist TEXT NOT NULL,
    due_at TEXT NOT NULL,
    due_says TEXT NOT NULL,
    set_at TEXT NOT NULL,     -- when this deadline was promised
    look_at TEXT,             -- when the sweep looks next
    policy TEXT NOT NULL,     -- clocks and chain as they were when promised
    extended INTEGER NOT NULL DEFAULT 0,
    raised_at TEXT,
    taken_by INTEGER REFERENCES people (id),
    taken_at TEXT,
    answered_by INTEGER REFERENCES people (id),
    answered_at TEXT,
    answer TEXT,
    progress TEXT,
    progress_at TEXT,
    card_chat BIGINT,
    card_message BIGINT,
    created_at TEXT NOT NULL
);
CREATE INDEX promises_due ON promises (look_at) WHERE state = 'open';
CREATE INDEX promises_owner ON promises (owner_id, state);

-- Promises that were typed and not confirmed yet
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    customer TEXT NOT NULL,
    gist TEXT NOT NULL,
    due_at TEXT,
    due_says TEXT NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
);

-- Nothing is changed silently
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    subject TEXT NOT NULL,
    who INTEGER REFERENCES people (id),
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX events_subject ON events (subject);

-- What agents looked for, so that 换一批 works from any process
CREATE TABLE searches (
    id BIGINT PRIMARY KEY,    -- of the update that asked
    person_id INTEGER NOT NULL REFERENCES people (id),
    query TEXT NOT NULL,
    at TEXT NOT NULL,
    found INTEGER NOT NULL
);
