-- depends: 0001.first

-- Wordings a team or a person made their own; every version is a row, changed only in what became of it
CREATE TABLE own_phrases (
    id INTEGER PRIMARY KEY,
    root INTEGER,             -- id of the first version: "own-<root>" names the phrase through all of them
    team_id INTEGER NOT NULL REFERENCES teams (id),
    person_id INTEGER NOT NULL REFERENCES people (id), -- who wrote this version
    scope TEXT NOT NULL,      -- personal, team
    state TEXT NOT NULL,      -- draft, proposed, approved, returned, replaced, withdrawn, cancelled
    situation TEXT NOT NULL,
    text TEXT NOT NULL,
    says TEXT NOT NULL DEFAULT '[]', -- JSON list: what leads to it
    version INTEGER NOT NULL DEFAULT 1,
    replaces INTEGER REFERENCES own_phrases (id),
    valid_from TEXT,
    valid_until TEXT,         -- NULL: for good
    decided_by INTEGER REFERENCES people (id),
    decided_at TEXT,          -- when it last became something else: approved, returned, replaced, withdrawn, redated
    reason TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
);
CREATE INDEX own_phrases_team ON own_phrases (team_id, state);
CREATE INDEX own_phrases_person ON own_phrases (person_id, state);
CREATE INDEX own_phrases_root ON own_phrases (root);

-- `phrase` is a phrase of the book ("wait-long") or an own one ("own-17")
CREATE TABLE favourites (
    person_id INTEGER NOT NULL REFERENCES people (id),
    phrase TEXT NOT NULL,
    wording INTEGER NOT NULL, -- which of its texts
    at TEXT NOT NULL,
    PRIMARY KEY (person_id, phrase)
);

-- What people chose, so that the order of results learns from it
CREATE TABLE choices (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    phrase TEXT NOT NULL,
    kind TEXT NOT NULL,       -- up, down, sent, kept
    query TEXT NOT NULL,      -- folded
    at TEXT NOT NULL,
    UNIQUE (person_id, phrase, query, kind)
);
CREATE INDEX choices_team ON choices (team_id, phrase);

ALTER TABLE searches ADD COLUMN given TEXT NOT NULL DEFAULT '{}'; -- JSON: slots, style, language
ALTER TABLE searches ADD COLUMN hits TEXT NOT NULL DEFAULT '[]';  -- JSON list: ids of the phrases shown
ALTER TABLE searches ADD COLUMN judged TEXT NOT NULL DEFAULT '';  -- up, down
CREATE INDEX searches_person ON searches (person_id, at);

-- When a team's weekly report of gaps is looked at next, and what it has covered
CREATE TABLE gap_reports (
    team_id INTEGER PRIMARY KEY REFERENCES teams (id),
    look_at TEXT,             -- NULL: nothing to report yet
    covered_until TEXT        -- searches up to here were in a report
);
CREATE INDEX gap_reports_due ON gap_reports (look_at);
