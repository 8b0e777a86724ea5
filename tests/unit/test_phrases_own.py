"""A team's own wordings are made ready once for all its people, beside the running bot, and are never out of date."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.collecting.wording import Ending
from bot.phrases.index import Index
from bot.phrases.own import MINE, PERSONAL_MOST, TEAM_MOST, Own, Shelves
from bot.phrases.phrase import Fate, Phrase
from bot.shared.database import Database, Transaction
from bot.teams.person import Person

NOW = datetime(2026, 6, 11, 2, 0, tzinfo=UTC)


def person(id: int, team: int = 1) -> Person:
    return Person(
        id=id, telegram_id=id, name="小李", role="agent", team_id=team, team="客服一组", locale="zh_Hans",
        started=True, reachable=True, left=False,
    )  # fmt: skip


def phrase(number: int, group: str = "团队话术", text: str = "停车费在出口扫码就能付。") -> Phrase:
    return Phrase(id=f"own-{number}", situation="停车缴费", group=group, texts=(text,))


@dataclass
class Wordings:
    """What teams and people have, instead of bot.collecting's tables."""

    team: list[Phrase] = field(default_factory=list)
    mine: dict[int, list[Phrase]] = field(default_factory=dict)  # by person
    version: int = 0

    def decide(self, *team: Phrase) -> None:
        self.team, self.version = list(team), self.version + 1

    async def phrases(self, tx: Transaction, who: Person, now: datetime) -> list[Phrase]:
        return [*self.team, *self.mine.get(who.id, [])]

    async def stamp(self, tx: Transaction, who: Person, now: datetime) -> str:
        return f"{who.id} {self.version}"

    async def fate(self, tx: Transaction, who: Person, phrase_id: str, now: datetime) -> Fate:
        return Ending(state="gone")


class Book(Index):
    """A book that notes what is built beside it; `during` is done while it is being built."""

    def __init__(self) -> None:
        super().__init__([Phrase(id="wait", situation="让客户久等", group="等候", texts=("请稍等。",))])
        self.sizes: list[int] = []
        self.threads: set[str] = set()
        self.during = lambda: None

    def beside(self, phrases: Iterable[Phrase]) -> Index:
        phrases = list(phrases)
        self.sizes.append(len(phrases))
        self.threads.add(threading.current_thread().name)
        self.during()
        return super().beside(phrases[-3:])


@dataclass
class Room:
    database: Database
    wordings: Wordings
    book: Book
    shelves: Shelves

    async def texts(self, who: Person) -> list[str]:
        """What this person's search finds of their own."""
        own = await self.shelves.of(self.database, who, NOW)
        hits = self.book.find("停车缴费", 3, *own.indexes)
        return [hit.phrase.texts[0] for hit in hits]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    database = await Database.open(f"sqlite:///{tmp_path}/huashu.sqlite3")
    wordings, book = Wordings(), Book()
    own = Own(phrases=wordings.phrases, stamp=wordings.stamp, fate=wordings.fate)
    yield Room(database, wordings, book, Shelves(own, lambda: book))
    await database.close()


async def test_one_index_serves_a_team_also_when_all_ask_at_once(room: Room) -> None:
    room.wordings.decide(phrase(1), phrase(2))
    await asyncio.gather(*(room.shelves.of(room.database, person(id), NOW) for id in range(1, 6)))
    assert room.book.sizes == [2]
    assert threading.current_thread().name not in room.book.threads


async def test_a_decision_of_the_team_leaves_the_personal_index_as_it_is(room: Room) -> None:
    room.wordings.mine[1] = [phrase(9, MINE)]
    room.wordings.decide(phrase(1))
    await room.texts(person(1))
    room.wordings.decide(phrase(1), phrase(2))
    await room.texts(person(1))
    assert room.book.sizes == [1, 1, 2]


async def test_what_is_decided_while_the_index_is_built_counts_already(room: Room) -> None:
    room.wordings.decide(phrase(1, text="停车费改为入口扫码。"))
    changes = [lambda: room.wordings.decide(phrase(2, text="停车费又改为出口扫码。"))]
    room.book.during = lambda: changes.pop()() if changes else None
    assert await room.texts(person(1)) == ["停车费又改为出口扫码。"]


async def test_another_team_has_other_wordings(room: Room) -> None:
    room.wordings.decide(phrase(1, text="停车费改为入口扫码。"))
    assert await room.texts(person(1)) == ["停车费改为入口扫码。"]
    room.wordings.team = []
    assert await room.texts(person(2, team=2)) == []
    assert await room.texts(person(1)) == ["停车费改为入口扫码。"]


async def test_of_too_many_the_newest_are_searched_and_all_are_known(room: Room) -> None:
    room.wordings.mine[1] = [phrase(9_000 + number, MINE) for number in range(PERSONAL_MOST + 1)]
    room.wordings.decide(*(phrase(number) for number in range(TEAM_MOST + 1)))
    own = await room.shelves.of(room.database, person(1), NOW)
    assert room.book.sizes == [TEAM_MOST, PERSONAL_MOST]
    assert own.get("own-0")
    assert own.get("own-9000")
    assert own.shared().get("own-9000") is None
