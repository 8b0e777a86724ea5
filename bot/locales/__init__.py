"""繁體 for every text a person reads; `make translations` keeps it up to date."""
