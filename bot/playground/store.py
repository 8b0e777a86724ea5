"""What survives the process: small JSON records by kind and key, and the bytes of files, in one SQLite file."""

import json
import sqlite3
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, content BLOB NOT NULL);
"""


class Store:
    def __init__(self, path: Path | None) -> None:
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False)
        # NORMAL survives a killed process; only a power cut could take the last moments of a playground.
        self._db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {_SCHEMA}")

    def all(self, kind: str) -> dict[str, Any]:
        rows = self._db.execute("SELECT key, value FROM record WHERE kind = ?", (kind,))
        return {key: json.loads(value) for key, value in rows}

    def put(self, kind: str, key: object, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._db.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, str(key), text))

    def remove(self, kind: str, key: object) -> None:
        self._db.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, str(key)))

    def put_file(self, identity: str, content: bytes) -> None:
        self._db.execute("INSERT INTO file VALUES (?, ?)", (identity, content))

    def file(self, identity: str) -> bytes:
        row = self._db.execute("SELECT content FROM file WHERE id = ?", (identity,)).fetchone()
        return bytes(row[0])

    def commit(self) -> None:
        self._db.commit()

    def close(self) -> None:
        self._db.commit()
        self._db.close()
