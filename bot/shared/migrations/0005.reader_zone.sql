-- depends: 0003.files

-- Where a person reads: a name of the tz database; NULL: times are shown in the team's zone alone
ALTER TABLE people ADD COLUMN zone TEXT;
