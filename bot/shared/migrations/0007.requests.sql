-- depends: 0006.clocks

-- What an agent may not promise alone: a lead agrees or refuses
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    source BIGINT NOT NULL UNIQUE, -- the update of the draft or text: one request for one text, however often pressed
    team_id INTEGER NOT NULL REFERENCES teams (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    draft INTEGER NOT NULL,        -- 1: a sentence for the customer; 0: a question to the lead
    why TEXT NOT NULL,
    number TEXT,                   -- of the case it is about
    state TEXT NOT NULL,           -- waiting, agreed, refused
    level INTEGER NOT NULL,        -- who was told last: 1 supervisors, 2 deputies, 3 owners
    told_at TEXT NOT NULL,
    look_at TEXT,                  -- when the next level is told; NULL: decided, or nobody above
    decided_by INTEGER REFERENCES people (id),
    decided_at TEXT,
    opinion TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
);
CREATE INDEX requests_due ON requests (look_at) WHERE state = 'waiting';

-- Drafts that were checked, for the buttons below the answer; forgotten after two days
CREATE TABLE checked_drafts (
    id BIGINT PRIMARY KEY,         -- of the update it came in
    person_id INTEGER NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX checked_drafts_at ON checked_drafts (at);

-- What a check found, for the counts: no text
CREATE TABLE checks (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    at TEXT NOT NULL,
    untold INTEGER NOT NULL        -- 1: overheard in a quiet group, its author has not been told yet
);
CREATE INDEX checks_person ON checks (person_id, at);
CREATE INDEX checks_team ON checks (team_id, at);

CREATE TABLE check_findings (
    check_id INTEGER NOT NULL REFERENCES checks (id),
    rule TEXT NOT NULL,            -- of forbidden.yaml
    kind TEXT NOT NULL,            -- the class of its rule: 推诿
    times INTEGER NOT NULL,
    PRIMARY KEY (check_id, rule)
);

-- How a team talks to its customers; a team without a row is formal
CREATE TABLE check_styles (
    team_id INTEGER PRIMARY KEY REFERENCES teams (id),
    channel TEXT NOT NULL,         -- formal, shop
    set_by INTEGER NOT NULL REFERENCES people (id),
    set_at TEXT NOT NULL
);

-- Groups in which the bot reads and says nothing
CREATE TABLE quiet_groups (
    chat BIGINT PRIMARY KEY,
    team_id INTEGER NOT NULL REFERENCES teams (id),
    set_by INTEGER NOT NULL REFERENCES people (id),
    set_at TEXT NOT NULL
);

-- When a person is told next of what they wrote in quiet groups
CREATE TABLE quiet_tells (
    person_id INTEGER PRIMARY KEY REFERENCES people (id),
    look_at TEXT,                  -- NULL: nothing to tell
    told_at TEXT                   -- at most once a minute
);
