"""What every room stands on: the database, the phrasebook's files, the Bot API, the loop, text helpers."""
