"""The wordings that teams and people made their own, ready to be searched beside the book.

A team's index is built once for all its people, a person's own is a small one of its own; building takes seconds for
thousands of wordings, so it is done in a thread, with no transaction open.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.phrases.index import Index
from bot.phrases.phrase import Fate, Phrase
from bot.shared.database import Database, Transaction
from bot.teams.person import Person

log = structlog.get_logger()
MINE = "我的话术"  # the group of the personal ones
TEAM_MOST, PERSONAL_MOST = 2_000, 200  # wordings that are searched, the newest
PEOPLE_KEPT = 500


@dataclass(frozen=True, kw_only=True)
class Own:
    """The wordings a team and a person made their own (bot.collecting): `stamp` changes when `phrases` may have."""

    phrases: Callable[[Transaction, Person, datetime], Awaitable[list[Phrase]]]
    stamp: Callable[[Transaction, Person, datetime], Awaitable[str]]
    fate: Callable[[Transaction, Person, str, datetime], Awaitable[Fate]]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The wordings of one owner by id; `index` is comparable with the one of `book`."""

    book: Index | None = None
    phrases: Mapping[str, Phrase] = field(default_factory=dict)
    index: Index | None = None


@dataclass(frozen=True, kw_only=True)
class Owned:
    """What somebody has beside the book, as it was under a stamp."""

    stamp: str = ""
    book: Index | None = None
    team: Shelf = Shelf()
    mine: Shelf = Shelf()

    def get(self, id: str) -> Phrase | None:
        return self.mine.phrases.get(id) or self.team.phrases.get(id)

    @property
    def indexes(self) -> list[Index]:
        return [shelf.index for shelf in (self.team, self.mine) if shelf.index]

    def shared(self) -> "Owned":
        """What others may see: nothing personal."""
        return replace(self, mine=Shelf())


class Shelves:
    def __init__(self, own: Own, book: Callable[[], Index]) -> None:
        self._own, self._book = own, book
        self._ready: dict[int, Owned] = {}  # by person
        self._shelves: dict[tuple[str, int], Shelf] = {}  # by owner
        self._building: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)  # by team

    async def of(self, database: Database, person: Person, now: datetime) -> Owned:
        """As it is now: what was decided while the indexes were built is built in before anything is answered."""
        while True:
            async with database.reading() as tx:
                stamp = await self._own.stamp(tx, person, now)
            ready = self._ready.get(person.id)
            if ready and ready.stamp == stamp and ready.book is self._book():
                return ready
            async with self._building[person.team_id]:
                await self._prepare(database, person, now)

    async def _prepare(self, database: Database, person: Person, now: datetime) -> None:
        book = self._book()
        async with database.reading() as tx:
            stamp = await self._own.stamp(tx, person, now)
            phrases = await self._own.phrases(tx, person, now)
        mine = [phrase for phrase in phrases if phrase.group == MINE]
        theirs = [phrase for phrase in phrases if phrase.group != MINE]
        if len(self._ready) >= PEOPLE_KEPT:
            self._ready.clear()
            self._shelves.clear()
        self._ready[person.id] = Owned(
            stamp=stamp,
            book=book,
            team=await self._shelf(("team", person.team_id), book, theirs, TEAM_MOST),
            mine=await self._shelf(("person", person.id), book, mine, PERSONAL_MOST),
        )

    async def _shelf(self, owner: tuple[str, int], book: Index, phrases: Sequence[Phrase], most: int) -> Shelf:
        before = self._shelves.get(owner)
        if before and before.book is book and list(before.phrases.values()) == phrases:
            return before
        if len(phrases) > most:
            log.warning("only the newest own wordings are searched", owner=owner, of=len(phrases), searched=most)
        index = await asyncio.to_thread(book.beside, phrases[-most:]) if phrases else None
        shelf = Shelf(book=book, phrases={phrase.id: phrase for phrase in phrases}, index=index)
        self._shelves[owner] = shelf
        # Colleagues who haven't asked since keep no outdated index in memory.
        self._ready = {id: one for id, one in self._ready.items() if one.team is not before}
        return shelf
