"""The file under everything: opened and reopened, all of a transaction or nothing of it, several writers at once."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import SettingsError
from bot.shared.database import MIGRATIONS, Database, Transaction, instant, instant_or_none, path_of, stored

NOW = "2026-06-11T02:00:00.000+00:00"


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite:///{file}")
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "huashu.sqlite3"


async def founds(tx: Transaction, name: str) -> None:
    """A team, the simplest thing there is to save."""
    await tx.connection.execute("INSERT INTO teams (name, created_at) VALUES (?, ?)", (name, NOW))


async def teams(database: Database) -> list[str]:
    async with database.reading() as tx:
        return [row["name"] for row in await tx.connection.execute_fetchall("SELECT name FROM teams ORDER BY id")]


def folders(parent: Path) -> list[Path]:
    return list(parent.iterdir())


def schema(file: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(file) as connection:
        return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())


# Opening


async def test_a_fresh_one_is_made_with_its_folder_and_its_tables(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "down" / "huashu.sqlite3"
    async with opened(file) as database:
        assert await teams(database) == []
    made = {name for name, _ in schema(file)}
    assert made >= {"teams", "people", "updates", "outbox", "complaints", "promises", "events"}


async def test_reopened_it_holds_what_was_saved(file: Path) -> None:
    async with opened(file) as database, database.transaction() as tx:
        await founds(tx, "客服一组")
    async with opened(file) as database:
        assert await teams(database) == ["客服一组"]


async def test_opening_again_changes_nothing(file: Path) -> None:
    async with opened(file):
        before = schema(file)
    async with opened(file), opened(file):
        assert schema(file) == before
    with sqlite3.connect(file) as connection:
        applied = connection.execute("SELECT migration_id FROM _yoyo_migration ORDER BY migration_id").fetchall()
    assert [name for (name,) in applied] == sorted(path.stem for path in MIGRATIONS.glob("*.sql"))


async def test_several_may_open_it_at_once(file: Path) -> None:
    async with opened(file):
        pass
    async with opened(file) as first, opened(file) as second, opened(file) as third:
        for number, database in enumerate((first, second, third)):
            async with database.transaction() as tx:
                await founds(tx, f"第{number}组")
        assert len(await teams(first)) == 3


@pytest.mark.parametrize(
    "folder",
    [
        "客服 一组", "100%", "a&b=c", "a%20b",
        "a#b", "a?b",
    ],
)  # fmt: skip
async def test_any_folder_will_do(tmp_path: Path, folder: str) -> None:
    file = tmp_path / folder / "huashu.sqlite3"
    async with opened(file) as database, database.transaction() as tx:
        await founds(tx, "客服一组")
    assert [path.name for path in tmp_path.iterdir()] == [folder]  # noqa: ASYNC240


async def test_what_was_acknowledged_survives_a_power_cut(file: Path) -> None:
    async with opened(file) as database, database.transaction() as tx:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            ((found,),) = await tx.connection.execute_fetchall(f"PRAGMA {pragma}")
            assert found == value, pragma


# All or nothing


async def test_what_fails_leaves_nothing(file: Path) -> None:
    async with opened(file) as database:
        with pytest.raises(RuntimeError):
            async with database.transaction() as tx:
                await founds(tx, "客服一组")
                raise RuntimeError("on the way")
        assert await teams(database) == []
        async with database.transaction() as tx:
            await founds(tx, "客服二组")
        assert await teams(database) == ["客服二组"]


async def test_what_is_cancelled_leaves_nothing(file: Path) -> None:
    async with opened(file) as database:
        begun = asyncio.Event()

        async def long() -> None:
            async with database.transaction() as tx:
                await founds(tx, "客服一组")
                begun.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(long())
        await begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.transaction() as tx:
            await founds(tx, "客服二组")
        assert await teams(database) == ["客服二组"]


async def test_a_commit_that_is_refused_leaves_nothing_and_the_next_one_works(file: Path) -> None:
    async with opened(file) as database:
        with pytest.raises(sqlite3.IntegrityError):
            async with database.transaction() as tx:
                await tx.connection.execute("PRAGMA defer_foreign_keys = ON")
                await tx.connection.execute("INSERT INTO questions VALUES (99, 'kind', 'nobody', ?)", (NOW,))
        async with database.transaction() as tx:
            await founds(tx, "客服一组")
        assert await teams(database) == ["客服一组"]


async def test_a_process_killed_in_the_middle_leaves_nothing(file: Path) -> None:
    async with opened(file):
        pass
    dies = f"""
import asyncio, os
from bot.shared.database import Database
async def main():
    database = await Database.open("sqlite:///{file}")
    for name in ("一组", "二组"):
        async with database.transaction() as tx:
            await tx.connection.execute("INSERT INTO teams (name, created_at) VALUES (?, '')", (name,))
            if name == "二组":
                os._exit(9)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", dies)
    assert await process.wait() == 9
    async with opened(file) as database:
        assert await teams(database) == ["一组"]


async def test_nobody_reads_what_is_not_committed(file: Path) -> None:
    async with opened(file) as database:
        async with database.transaction() as tx:
            await founds(tx, "客服一组")
            assert await teams(database) == []
        assert await teams(database) == ["客服一组"]


# Several at once


async def test_transactions_of_one_process_take_turns(file: Path) -> None:
    async with opened(file) as database:

        async def counts() -> None:
            async with database.transaction() as tx:
                ((last,),) = await tx.connection.execute_fetchall("SELECT COUNT(*) FROM teams")
                await asyncio.sleep(0)
                await founds(tx, f"第{last + 1}组")

        await asyncio.gather(*(counts() for _ in range(20)))
        assert await teams(database) == [f"第{number}组" for number in range(1, 21)]


async def test_two_processes_write_side_by_side_and_lose_nothing(file: Path) -> None:
    """Each reads the count and writes the next number: a lost or doubled one would show."""
    async with opened(file) as database:
        writes = f"""
import asyncio
from bot.shared.database import Database
async def main():
    database = await Database.open("sqlite:///{file}")
    for _ in range(25):
        async with database.transaction() as tx:
            ((last,),) = await tx.connection.execute_fetchall("SELECT COUNT(*) FROM teams")
            await tx.connection.execute("INSERT INTO teams (name, created_at) VALUES (?, '')", (str(last),))
    await database.close()
asyncio.run(main())
"""
        other = await asyncio.create_subprocess_exec(sys.executable, "-c", writes)
        for _ in range(25):
            async with database.transaction() as tx:
                ((last,),) = await tx.connection.execute_fetchall("SELECT COUNT(*) FROM teams")
                await founds(tx, str(last))
            await asyncio.sleep(0.002)
        assert await other.wait() == 0
        assert await teams(database) == [str(number) for number in range(50)]


# An address we do not serve


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://huashu:geheim@db.example/huashu", "mysql+pymysql://huashu:geheim@db/huashu", "sqlite://geheim",
        "redis://:geheim@db", "",
    ],
)  # fmt: skip
async def test_an_unsupported_address_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(SettingsError) as told:
        await Database.open(url)
    assert "sqlite:///文件路径" in told.value.sentence
    assert "geheim" not in told.value.sentence


@pytest.mark.parametrize("url", ["postgres:huashu:geheim@db/huashu", "huashu:geheim@db.example", "geheim"])
def test_an_address_of_no_shape_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as told:
        path_of(url)
    assert "geheim" not in told.value.sentence


@pytest.fixture
def leaflet(tmp_path: Path) -> Path:
    """A file that is anything but a database."""
    file = tmp_path / "说明.txt"
    file.write_text("这是一份说明" * 100, encoding="utf-8")
    return file


async def test_a_file_that_is_no_database_is_a_sentence(leaflet: Path) -> None:
    with pytest.raises(SettingsError, match="打不开数据库"):
        await Database.open(f"sqlite:///{leaflet}")


async def test_a_folder_that_cannot_be_made_is_a_sentence(leaflet: Path) -> None:
    with pytest.raises(SettingsError, match="打不开数据库"):
        await Database.open(f"sqlite:///{leaflet}/huashu.sqlite3")


def test_where_an_address_points() -> None:
    assert path_of("sqlite:////var/lib/huashu.db") == Path("/var/lib/huashu.db")
    assert path_of("sqlite:///data/huashu.db") == Path("data/huashu.db")


# Instants


MOMENTS = some.datetimes(
    min_value=datetime(1970, 1, 2), max_value=datetime(9999, 1, 1),  # noqa: DTZ001
    timezones=some.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30))]),
)  # fmt: skip


@given(MOMENTS, MOMENTS)
def test_instants_sort_as_they_read_and_come_back_to_the_millisecond(a: datetime, b: datetime) -> None:
    assert abs(instant(stored(a)) - a) < timedelta(milliseconds=1)
    assert instant(stored(a)).utcoffset() == timedelta()
    if abs(a - b) >= timedelta(milliseconds=1):
        assert (stored(a) < stored(b)) == (a < b)


def test_no_instant_is_none() -> None:
    assert instant_or_none(None) is None
    assert instant_or_none(NOW) == instant(NOW)
