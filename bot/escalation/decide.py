"""Who hears what now, and when to look again. Pure: facts and `now` in, a decision out.

It decides from the state as it is now, never from a list of what should have been said earlier: after an outage the
owner hears one reminder that says how late it is, and no level is skipped.

A complaint has several clocks, each decided by itself with the others in view: only the earliest speaks to its owner,
and what the agent promised the customer covers every time limit of the norms that ends with it or later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.promises.promise import Promise

Kind = Literal["warn", "before", "due", "after", "raise", "escalate", "report", "follow"]
NOBODY_AGAIN = timedelta(minutes=5)  # while nobody of the chain can be told


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice about the present deadline that was left already. `turn` counts repetitions of one level."""

    kind: str
    level: int
    turn: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`levels[n]` are the people of level n+1 that can be told now; an empty level is passed over, also when it was
    told before and Telegram has refused since: waiting for nobody would be silence. `others` are the other clocks of
    the same complaint."""

    promise: Promise
    told: Sequence[Told]
    levels: Sequence[Sequence[int]]
    others: Sequence[Promise] = ()


@dataclass(frozen=True, kw_only=True)
class Notice:
    """`people` are person ids; `planned` is when it should have been said."""

    kind: Kind
    level: int
    turn: int
    people: tuple[int, ...]
    planned: datetime
    next_level: int | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    notices: tuple[Notice, ...]
    look_at: datetime | None


def decide(facts: Facts, now: datetime) -> Decision:
    """What to say now about an open promise and when to look next; nothing ever again once it is settled."""
    if not facts.promise.is_open:
        return Decision(notices=(), look_at=None)
    if facts.promise.reported:
        found, look = _ladder(facts, "report", facts.promise.set_at, now)
        return Decision(notices=tuple(found), look_at=look)
    parts = [_owner(facts, now), _taker(facts, now) if facts.promise.taken_by else _climb(facts, now)]
    notices = tuple(notice for found, _look in parts for notice in found)
    looks = [look for _found, look in parts if look is not None]
    return Decision(notices=notices, look_at=min(looks) if looks else None)


Part = tuple[list[Notice], datetime | None]


def _owner(facts: Facts, now: datetime) -> Part:
    """Before, at and after the promised time; only the latest that is due, each once."""
    promise, policy = facts.promise, facts.promise.policy
    stages: list[tuple[Kind, int, datetime]] = [("warn", turn, at) for turn, at in enumerate(promise.warn_at)]
    if not stages:
        stages = [("before", 0, promise.due - policy.lead(promise.set_at, promise.due))]
    stages += [("due", 0, promise.due), ("after", 0, promise.due + timedelta(minutes=policy.remind_after))]
    if covered := _covering(facts, now):
        return [], _free_at(covered, now)
    reached = [stage for stage in stages if stage[2] <= now]
    look = min((at for _kind, _turn, at in stages if at > now), default=None)
    if not reached or any((t.kind, t.turn) == reached[-1][:2] for t in facts.told):
        return [], look
    kind, turn, planned = reached[-1]
    planned = max(planned, _uncovered(facts, now))
    return [Notice(kind=kind, level=0, turn=turn, people=(promise.owner_id,), planned=planned)], look


def _covering(facts: Facts, now: datetime) -> list[Promise]:
    """The clocks that speak for this one."""
    return [other for other in facts.others if _covers(other, facts.promise, now)]


def _free_at(covering: Sequence[Promise], now: datetime) -> datetime | None:
    """When to look whether they still do; None: when something happens to the case, which looks at all its clocks."""
    return min((other.due for other in covering if other.due > now), default=None)


def _covers(other: Promise, promise: Promise, now: datetime) -> bool:
    """Whether the other clock speaks for this one. What was promised the customer speaks for all that ends with it or
    later and is never hushed by a norm that is broken already; of the norms the earliest open one speaks."""
    if not other.is_open or other.reported:
        return False
    if other.own:
        return other.due <= promise.due
    if promise.own:
        return now < other.due < promise.due
    return (other.due, other.id) < (promise.due, promise.id)


def _uncovered(facts: Facts, now: datetime) -> datetime:
    """Since when no other clock speaks for this one."""
    sooner = [other for other in facts.others if not other.reported and other.due <= facts.promise.due]
    ends = [other.answered_at or min(other.due, now) for other in sooner]
    return max(ends, default=facts.promise.set_at)


def _climb(facts: Facts, now: datetime) -> Part:
    """The climb of a broken promise; before that, when its owner raised it, a climb of its own that ends there.

    Having been asked for help in the morning does not spare anybody the news that the promise was broken at noon.
    """
    promise = facts.promise
    covered = _covering(facts, now)
    if covered and not promise.own:  # what was promised climbs by itself, and when its owner asks for help, at once
        return [], _free_at(covered, now)
    broken = max(promise.due, _uncovered(facts, now)) + timedelta(minutes=promise.policy.escalate_after)
    if promise.raised_at and promise.raised_at >= promise.due:
        broken = min(broken, promise.raised_at)
    if now >= broken:
        return _ladder(facts, "escalate", broken, now)
    if promise.raised_at is None:
        return [], broken
    notices, look = _ladder(facts, "raise", promise.raised_at, now)
    return notices, min(look, broken) if look else broken


def _ladder(facts: Facts, kind: Kind, start: datetime, now: datetime) -> Part:
    """One level at a time; the next when nobody of the last has taken it on within its time."""
    policy = facts.promise.policy
    filled = [level for level, people in enumerate(facts.levels, 1) if people]
    if not filled:
        return [], max(start, now + NOBODY_AGAIN)
    told = [t for t in facts.told if t.kind == kind]
    if not told:
        return _tell(facts, kind, filled[0], 0, start, filled, now)
    last = max(told, key=lambda t: (t.level, t.turn))
    above = [level for level in filled if level > last.level]
    if above:
        planned = last.at + (_within(facts, last.level) if last.level in filled else timedelta())
        return _tell(facts, kind, above[0], 0, planned, filled, now)
    # The highest that can be told now is the last: one above it may have been told and have blocked the bot since.
    top = filled[-1]
    before = [t for t in told if t.level == top]
    if not before:
        return _tell(facts, kind, top, 0, last.at, filled, now)
    last = max(before, key=lambda t: t.turn)
    if last.turn >= policy.repeat_top_times:
        return [], None
    return _tell(facts, kind, top, last.turn + 1, last.at + timedelta(minutes=policy.repeat_top), filled, now)


def _tell(
    facts: Facts, kind: Kind, level: int, turn: int, planned: datetime, filled: Sequence[int], now: datetime
) -> Part:
    """Tell this level when its time has come; else look again then. After telling, look when the next is due."""
    if planned > now:
        return [], planned
    policy = facts.promise.policy
    above = next((other for other in filled if other > level), None)
    within = _within(facts, level) if above else timedelta(minutes=policy.repeat_top)
    more = above is not None or turn < policy.repeat_top_times
    notice = Notice(
        kind=kind, level=level, turn=turn, people=tuple(facts.levels[level - 1]), planned=planned,
        next_level=above, next_at=now + within if above else None,
    )  # fmt: skip
    return [notice], now + within if more else None


def _within(facts: Facts, level: int) -> timedelta:
    """How long a level has to take it on. Beyond the chain (the owners, when nobody else is there) as its last."""
    levels = facts.promise.policy.levels
    return timedelta(minutes=levels[min(level, len(levels)) - 1].acknowledge_within)


def _taker(facts: Facts, now: datetime) -> Part:
    """Whoever took it on is reminded while the customer has no answer; the climb rests."""
    promise, policy = facts.promise, facts.promise.policy
    if promise.taken_by is None or promise.taken_at is None:
        return [], None
    if not promise.own:  # one voice for a case: a broken promise, or the earliest norm while that is still to come
        broken = [other for other in facts.others if other.own and other.is_open and other.due <= now]
        if covered := broken + _covering(facts, now):
            return [], _free_at(covered, now)
    turn = sum(t.kind == "follow" for t in facts.told)
    if turn >= policy.follow_up_times:
        return [], None
    last = max((t.at for t in facts.told if t.kind == "follow"), default=None)
    if last is None and promise.taken_at < promise.due:
        planned = promise.due  # taken on in time: the taker hears when it is due, like the owner
    else:
        planned = (last or promise.taken_at) + timedelta(minutes=policy.follow_up)
    if planned > now:
        return [], planned
    notice = Notice(kind="follow", level=0, turn=turn, people=(promise.taken_by,), planned=planned)
    more = turn + 1 < policy.follow_up_times
    return [notice], now + timedelta(minutes=policy.follow_up) if more else None
