"""推演: who would hear what when if nobody did anything, decided by the same rules as the real thing. Pure."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.escalation.decide import Facts, Told, decide
from bot.promises.clocks import AGENT, PROMISE, REGISTERED, Clocks, Policy
from bot.promises.promise import OPEN, Promise
from bot.promises.workdays import Calendar

HORIZON = timedelta(days=7)  # after the last deadline; nobody there to be told is looked for again and again
CLIMBS = ("raise", "escalate")  # notices after which the owner hears who was told
NOBODY = 0  # an owner who is nobody in particular


@dataclass(frozen=True, kw_only=True)
class Said:
    """One notice; `people` are person ids. `raise_told` and `escalate_told` are its owner's."""

    at: datetime
    clock: Promise
    kind: str
    level: int
    turn: int
    people: tuple[int, ...]


def foresee(facts: Sequence[Facts], now: datetime) -> list[Said]:
    """Everything that would be said from now on about the open clocks of one case, in order."""
    clocks = {fact.promise.id: fact for fact in facts}
    looks = [(max(fact.promise.look_at, now), id) for id, fact in clocks.items() if fact.promise.look_at]
    heapq.heapify(looks)
    end = max((fact.promise.due for fact in facts), default=now) + HORIZON
    said: list[Said] = []
    while looks and looks[0][0] <= end:
        at, id = heapq.heappop(looks)
        fact = clocks[id]
        decision = decide(fact, at)
        for notice in decision.notices:
            one = Said(
                at=at, clock=fact.promise, kind=notice.kind, level=notice.level, turn=notice.turn, people=notice.people
            )
            said.append(one)
            if one.kind in CLIMBS:
                said.append(replace(one, kind=f"{one.kind}_told", people=(fact.promise.owner_id,)))
        told = [Told(kind=one.kind, level=one.level, turn=one.turn, at=at) for one in decision.notices]
        clocks[id] = replace(fact, told=(*fact.told, *told))
        if decision.look_at:
            heapq.heappush(looks, (decision.look_at, id))
    return said


def imagined(
    clocks: Clocks, *, at: datetime, due: datetime, owner_id: int, team_id: int, calendar: Calendar
) -> list[Promise]:
    """The clocks of a complaint that an agent logs at that moment, as registering starts them: the promise first.

    Their ids are below zero, so that nothing on record is about them.
    """
    own = _clock(-1, clocks.promise, at=at, due=due, owner_id=owner_id, team_id=team_id)
    found = [own]
    for place, clock in enumerate(clocks.started_by(REGISTERED)):
        words, reading = clock.deadline(at, calendar)
        if reading.due:
            beside = _clock(-2 - place, clock.policy, at=at, due=reading.due, owner_id=owner_id, team_id=team_id)
            warn_at = clock.warnings(at, reading.due, calendar)
            found.append(replace(beside, clock=clock.id, who=clock.who, due_says=words, warn_at=warn_at))
    return found


def _clock(id: int, policy: Policy, *, at: datetime, due: datetime, owner_id: int, team_id: int) -> Promise:
    return Promise(
        id=id, number="", clock=PROMISE, who=AGENT, state=OPEN, version=1, team_id=team_id, owner_id=owner_id,
        complaint_id=None, customer="", gist="", due=due, due_says="", set_at=at, look_at=at, policy=policy,
        extended=0, raised_at=None, taken_by=None, taken_at=None, answered_by=None, answered_at=None, answer=None,
        progress=None, progress_at=None, card_chat=None, card_message=None,
    )  # fmt: skip
