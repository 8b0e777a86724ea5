"""The facts of a promise for deciding about it: who can be told, what was told already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.escalation.decide import Facts, Told
from bot.outbox import actions as outbox
from bot.promises.promise import Promise
from bot.shared.database import Transaction, instant
from bot.teams import actions as teams
from bot.teams.person import Person


async def facts_of(tx: Transaction, promise: Promise, case: Sequence[Promise]) -> Facts:
    """`case` are all clocks of its complaint. A taker who can't be reached any more is no taker."""
    taker = await teams.get(tx, promise.taken_by) if promise.taken_by else None
    if taker and not taker.reachable:
        promise = replace(promise, taken_by=None, taken_at=None)
    levels = [[person.id for person in level] for level in await levels_of(tx, promise)]
    others = [clock for clock in case if clock.id != promise.id]
    return Facts(promise=promise, told=await told_about(tx, promise), levels=levels, others=others)


async def levels_of(tx: Transaction, promise: Promise) -> list[list[Person]]:
    """The people of each level who can be told. Nobody is asked to supervise their own case, and a person who
    can't be reached is left out unless the whole chain would be empty: then the owners of the bot are told."""
    levels = []
    for level in promise.policy.levels:
        fill = await teams.in_role(tx, promise.team_id, level.post)
        levels.append([person for person in fill if person.reachable and person.id != promise.owner_id])
    if not any(levels):
        levels.append([person for person in await teams.owners(tx) if person.reachable])
    return levels


async def told_about(tx: Transaction, promise: Promise) -> list[Told]:
    """What was left about the present deadline, from the outbox: its keys are the memory."""
    found = defaultdict(list)
    for row in await outbox.left_about(tx, subject=promise.subject, keys=f"{promise.subject}:v{promise.version}:%"):
        _subject, _id, _version, kind, level, turn, _person = row["key"].split(":")
        found[kind, int(level), int(turn)].append(instant(row["created_at"]))
    return [Told(kind=kind, level=level, turn=turn, at=min(at)) for (kind, level, turn), at in found.items()]
