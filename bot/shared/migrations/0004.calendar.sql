-- depends: 0003.files

-- What was imported and set over the phrasebook's calendar; team 0 is every team
CREATE TABLE calendar_days (
    team_id INTEGER NOT NULL,
    year INTEGER NOT NULL,    -- of the official arrangement (放假安排) it belongs to; 0: set by hand
    day TEXT NOT NULL,        -- 2026-10-01
    kind TEXT NOT NULL,       -- rest, work
    name TEXT NOT NULL,
    hours TEXT NOT NULL,      -- JSON list, of this day alone; '': the usual ones
    set_by INTEGER REFERENCES people (id), -- NULL: by the command line
    set_at TEXT NOT NULL,
    PRIMARY KEY (team_id, year, day)
);

-- '' where the team has nothing of its own
CREATE TABLE team_hours (
    team_id INTEGER PRIMARY KEY,
    zone TEXT NOT NULL,
    hours TEXT NOT NULL,      -- JSON, as in calendar.yaml
    seasons TEXT NOT NULL,    -- JSON, as in calendar.yaml; {}: none
    set_by INTEGER REFERENCES people (id),
    set_at TEXT NOT NULL
);
