"""The database: one writer, transactions that hold all or nothing, statements by name, migrations in plain SQL.

Instants are stored as ISO-8601 text in UTC with milliseconds, so they sort as they read.
"""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiosql
import aiosqlite

from bot.errors import SettingsError
from bot.language.speech import _

MIGRATIONS = Path(__file__).parent / "migrations"
Row = sqlite3.Row


class Transaction:
    """One transaction on one connection; rooms hand it to their statements."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection
        self.stirred: set[str] = set()

    def stir(self, room: str) -> None:
        """After the commit, wake whoever waits for work in this room."""
        self.stirred.add(room)


class Statements:
    """A room's `queries.sql`: `await Q.name(tx, key=value)`. The marks after a name say what comes back (aiosql)."""

    def __init__(self, beside: str) -> None:
        self._file = Path(beside).with_name("queries.sql")
        self._loaded: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._loaded is None:
            self._loaded = aiosql.from_path(self._file, "aiosqlite", mandatory_parameters=False)
        statement = getattr(self._loaded, name)
        kind = statement.operation.name

        async def run(tx: Transaction, **values: Any) -> Any:
            if kind not in ("SELECT", "SELECT_ONE", "SELECT_VALUE"):
                return await statement(tx.connection, **values)
            # One trip to the database's thread instead of aiosql's three.
            rows = list(await tx.connection.execute_fetchall(statement.sql, values))
            if kind == "SELECT":
                return rows
            row = rows[0] if rows else None
            return row[0] if row and kind == "SELECT_VALUE" else row

        setattr(self, name, run)
        return run


class Database:
    """An open database. Whoever waits for work in a room listens: a commit that stirs the room sets the event."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._writer, self._reader = writer, reader
        self._writing = asyncio.Lock()
        self._listeners: dict[str, asyncio.Event] = {}

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Open and migrate. Raises SettingsError when the address is not one we serve or the file can't be used."""
        path = path_of(url)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(_migrate, path)
            return cls(await _connect(path), await _connect(path))
        except (sqlite3.Error, OSError) as problem:
            raise SettingsError(
                _("打不开数据库 {path}：{problem}。请检查文件夹权限和磁盘空间。").format(path=path, problem=problem)
            ) from problem

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All of the block or nothing of it. Takes the write lock at once, so that what is read stays true."""
        async with self._writing:
            await self._writer.execute("BEGIN IMMEDIATE")
            tx = Transaction(self._writer)
            try:
                yield tx
                await self._writer.commit()
            except BaseException:
                await self._writer.rollback()
                raise
        for room in tx.stirred & self._listeners.keys():
            self._listeners[room].set()

    def listen(self, room: str) -> asyncio.Event:
        """The event that is set after every commit that stirred this room."""
        return self._listeners.setdefault(room, asyncio.Event())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """The last committed state, without waiting for writers."""
        yield Transaction(self._reader)

    async def close(self) -> None:
        async with self._writing:
            await self._writer.close()
            await self._reader.close()


def path_of(url: str) -> Path:
    """The file of a `sqlite:///path` address."""
    if not url.startswith("sqlite:///"):
        raise SettingsError(
            _("DATABASE_URL 目前只支持 sqlite:///文件路径，收到的是 {url}。").format(url=_without_secret(url))
        )
    return Path(url.removeprefix("sqlite:///"))


def stored(at: datetime) -> str:
    """An instant as it stands in the database."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def instant(text: str) -> datetime:
    """The instant a stored text means, in UTC."""
    return datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> datetime | None:
    return instant(text) if text else None


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        # FULL: what was acknowledged survives a power cut, not only a crash of ours.
        for pragma in ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON"):
            await connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()  # its thread would keep the process alive
        raise
    return connection


def _migrate(path: Path) -> None:
    from yoyo import get_backend, read_migrations

    # The lock of the operating system ends with the process; yoyo's own is a row that a killed process leaves behind.
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closing(sqlite3.connect(path)) as first:
            first.execute("PRAGMA journal_mode=WAL")  # kept in the file; two at once would get in each other's way
        backend = get_backend(f"sqlite:///{quote(str(path))}")
        try:
            backend.break_lock()
            with backend.lock():
                backend.apply_migrations(backend.to_apply(read_migrations(str(MIGRATIONS))))
        finally:
            backend.connection.close()


def _without_secret(url: str) -> str:
    scheme, found, _rest = url.partition("://")
    return f"{scheme}://…" if found else "…"
