-- depends: 0003.files

-- A complaint runs several clocks: what was promised to the customer, and what the norms ask for beside it
CREATE TABLE promises_now (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    clock TEXT NOT NULL,      -- promise: what the agent said; else the id of a clock in clocks.yaml
    who TEXT NOT NULL,        -- agent: the case's owner answers for it; else the post that does
    state TEXT NOT NULL,      -- open, kept
    version INTEGER NOT NULL, -- grows with every new deadline
    team_id INTEGER NOT NULL REFERENCES teams (id),
    owner_id INTEGER NOT NULL REFERENCES people (id),
    complaint_id INTEGER REFERENCES complaints (id),
    customer TEXT NOT NULL,
    gist TEXT NOT NULL,
    due_at TEXT NOT NULL,
    due_says TEXT NOT NULL,
    why TEXT NOT NULL,        -- JSON list: how the deadline was counted, step by step
    warn_at TEXT NOT NULL,    -- JSON list: instants of the warnings before it
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
    created_at TEXT NOT NULL,
    UNIQUE (number, clock)
);
INSERT INTO promises_now
SELECT id, number, 'promise', 'agent', state, version, team_id, owner_id, complaint_id, customer, gist, due_at, due_says,
       '[]', '[]', set_at, look_at, policy, extended, raised_at, taken_by, taken_at, answered_by, answered_at, answer,
       progress, progress_at, card_chat, card_message, created_at
FROM promises;
DROP TABLE promises;
ALTER TABLE promises_now RENAME TO promises;
CREATE INDEX promises_due ON promises (look_at) WHERE state = 'open';
CREATE INDEX promises_owner ON promises (owner_id, state);
CREATE INDEX promises_complaint ON promises (complaint_id);

ALTER TABLE drafts ADD COLUMN why TEXT NOT NULL DEFAULT '[]';
ALTER TABLE complaints ADD COLUMN due_why TEXT NOT NULL DEFAULT '[]';
