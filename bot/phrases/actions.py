"""What is kept of a search and of what people chose: each verb in the caller's transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import OutOfDate
from bot.language.fold import fold
from bot.language.speech import _
from bot.phrases.fill import without_people
from bot.phrases.liking import Liking
from bot.phrases.search import Search
from bot.shared.database import Statements, Transaction, stored
from bot.teams.person import Person

Q = Statements(__file__)
DEPTH = 9  # phrases of one search whose likings are asked for in one statement
QUERY_MOST = 100  # characters by which two queries are the same
UP, DOWN, SENT, KEPT = "up", "down", "sent", "kept"
OPPOSITE = {UP: DOWN, DOWN: UP}


def folded(query: str) -> str:
    """What makes two queries one for learning; it is kept for good, so it names nobody."""
    return without_people(fold(query).text)[:QUERY_MOST]


async def record(tx: Transaction, search: Search, person: Person, *, found: int, now: datetime) -> None:
    await Q.searched(
        tx, id=search.id, person_id=person.id, query=search.query, now=stored(now), found=found,
        given=search.to_json(), hits=_list(search.shown),
    )  # fmt: skip


async def reopen(tx: Transaction, id: int, person: Person) -> Search:
    """The search of a pressed button. Raises OutOfDate when it is not there (any more) or somebody else's."""
    row = await Q.search(tx, id=id)
    if row is None:
        raise OutOfDate(_("这次查询已过期，请再发一次。"))
    if row["person_id"] != person.id:
        raise OutOfDate(_("这是同事查的。要用的话，请自己发一次。"))
    return Search.from_row(id=row["id"], query=row["query"], given=row["given"], hits=row["hits"])


async def keep(tx: Transaction, search: Search) -> None:
    """How the answer stands on the screen now."""
    await Q.keep(tx, id=search.id, given=search.to_json(), hits=_list(search.shown), judged=search.judged)


async def judge(tx: Transaction, search: Search, person: Person, phrase: str, kind: str, now: datetime) -> Search:
    """👍 or 👎; the later one counts."""
    await Q.take_back(tx, person_id=person.id, phrase=phrase, kind=OPPOSITE[kind], query=folded(search.query))
    await choose(tx, person, phrase, search.query, kind, now)
    return replace(search, marks={**search.marks, phrase: kind})


async def choose(tx: Transaction, person: Person, phrase: str, query: str, kind: str, now: datetime) -> None:
    await Q.choose(
        tx, person_id=person.id, team_id=person.team_id, phrase=phrase, kind=kind, query=folded(query), now=stored(now)
    )


async def liked(tx: Transaction, person: Person, phrases: Sequence[str], query: str) -> Mapping[str, Liking]:
    """What was chosen before, of these phrases."""
    nine = [*phrases, *[""] * DEPTH][:DEPTH]
    rows = await Q.liked(
        tx, person_id=person.id, team_id=person.team_id, query=folded(query),
        **{f"p{place}": phrase for place, phrase in enumerate(nine)},
    )  # fmt: skip
    return {row["phrase"]: Liking(team=row["team"], person=row["person"], here=row["here"]) for row in rows}


async def favourites(tx: Transaction, person: Person) -> dict[str, int]:
    """The phrases somebody kept and which text of each, the newest first."""
    return {row["phrase"]: row["wording"] for row in await Q.favourites(tx, person_id=person.id)}


async def favour(tx: Transaction, person: Person, phrase: str, text: int, query: str, now: datetime) -> None:
    await Q.favour(tx, person_id=person.id, phrase=phrase, wording=text, now=stored(now))
    await choose(tx, person, phrase, query, KEPT, now)


async def unfavour(tx: Transaction, person: Person, phrase: str) -> None:
    await Q.unfavour(tx, person_id=person.id, phrase=phrase)
    await Q.unkeep(tx, person_id=person.id, phrase=phrase)


def _list(phrases: Sequence[str]) -> str:
    return json.dumps(list(phrases))
