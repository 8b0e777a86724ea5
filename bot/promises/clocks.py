"""Which norm gives which time: the clocks of a complaint and the reminders and chain of each, from the phrasebook. Pure.

What was in force when a clock started is kept with it, so editing the YAML never rewrites history.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import BookError
from bot.language.speech import _
from bot.promises.timewords import Reading, read_time
from bot.promises.workdays import Calendar

PROMISE = "promise"  # the clock the agent sets: what was said to the customer
AGENT = "agent"  # who answers for most clocks: the owner of the case
REGISTERED, TRANSFERRED, RECEIVED, ANSWERED, RESOLVED = "registered", "transferred", "received", "answered", "resolved"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Level:
    post: str
    acknowledge_within: int  # minutes


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Times in minutes; meanings stand in phrasebook/clocks.yaml. Levels from the first to be told to the last."""

    remind_before: int
    remind_before_share: float
    remind_after: int
    escalate_after: int
    follow_up: int
    follow_up_times: int
    repeat_top: int
    repeat_top_times: int
    levels: tuple[Level, ...]
    name: str = ""  # of a norm's clock: 首次答复
    until: tuple[str, ...] = ()  # what stops it

    def lead(self, set_at: datetime, due: datetime) -> timedelta:
        """How long before the deadline its owner is reminded."""
        return min(timedelta(minutes=self.remind_before), (due - set_at) * self.remind_before_share)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Policy":
        levels = tuple(Level(**level) for level in data["levels"])
        return cls(**{**data, "levels": levels, "until": tuple(data.get("until", ()))})


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time limit of the norms: from an event, within a time, until another event."""

    id: str
    start: str | None  # the event; None: only by hand
    within: str  # as read_time reads it
    at_least: str
    warn: tuple[str, ...]
    who: str
    words: tuple[str, ...]
    policy: Policy

    def deadline(self, at: datetime, calendar: Calendar) -> tuple[str, Reading]:
        """When it is due if it starts then: the later of `within` and `at_least`, and its words."""
        due = read_time(self.within, now=at, calendar=calendar)
        if self.at_least:
            least = read_time(self.at_least, now=at, calendar=calendar)
            if due.due is None or (least.due and least.due > due.due):
                return self.at_least, least
        return self.within, due

    def warnings(self, at: datetime, due: datetime, calendar: Calendar) -> tuple[datetime, ...]:
        """When its owner is warned: at shares of the working time (of the clock, where there is none), or so long before."""
        return tuple(sorted(found for warn in self.warn if at < (found := _warned(warn, at, due, calendar)) < due))


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Everything clocks.yaml says."""

    promise: Policy
    norms: tuple[Clock, ...]
    soft: Mapping[str, str]

    def started_by(self, event: str) -> Iterator[Clock]:
        return (clock for clock in self.norms if clock.start == event)

    def meant_by(self, text: str) -> Clock | None:
        """The clock whose words are in the text, for a promise that was typed without a time."""
        return next((clock for clock in self.norms if any(word in text for word in clock.words)), None)


def read_clocks(data: Mapping[str, Any], chains: Sequence[Mapping[str, Any]], calendar: Calendar) -> Clocks:
    """clocks.yaml and chains.yaml. Raises BookError for a chain that is not there or a time that can't be read."""
    promise = _policy(data["promise"], {}, chains, "promise")
    norms = []
    for id, written in data["clocks"].items():
        if not written.get("on", True):
            continue
        policy = _policy(data["promise"], written, chains, f"clocks.{id}")
        norms.append(
            Clock(
                id=id, start=written.get("from"), within=written["within"], at_least=written.get("at_least", ""),
                warn=tuple(written.get("warn", ())), who=written.get("who", AGENT),
                words=tuple(written.get("words", ())), policy=policy,
            )
        )  # fmt: skip
        for time in filter(None, (norms[-1].within, norms[-1].at_least)):
            _try(time, f"clocks.{id}", calendar)
    for word, time in data["soft"].items():
        _try(time, f"soft.{word}", calendar)
    return Clocks(promise=promise, norms=tuple(norms), soft=dict(data["soft"]))


def _policy(
    promise: Mapping[str, Any], written: Mapping[str, Any], chains: Sequence[Mapping[str, Any]], where: str
) -> Policy:
    """A clock's own settings, and the promise's for what it does not say."""
    settings = {**promise, **{key: value for key, value in written.items() if key in promise}}
    wanted = settings.pop("chain")
    levels = next((chain["levels"] for chain in chains if chain["id"] == wanted), None)
    if levels is None:
        known = "、".join(chain["id"] for chain in chains)
        raise BookError(
            _("clocks.yaml：{where}.chain 写的是“{wanted}”，chains.yaml 里没有；可以写：{known}。").format(
                where=where, wanted=wanted, known=known
            )
        )
    return Policy.from_data(
        {**settings, "levels": levels, "name": written.get("name", ""), "until": written.get("until", ())}
    )


def _try(time: str, where: str, calendar: Calendar) -> None:
    """A time of the book must be one at any hour: an evening and a holiday are tried, beside an ordinary morning."""
    for at in ("2026-06-11T10:00", "2026-06-12T21:30", "2026-10-01T08:00"):
        now = datetime.fromisoformat(at).replace(tzinfo=calendar.zone)
        if read_time(time, now=now, calendar=calendar).due is None:
            raise BookError(
                _("clocks.yaml：{where} 里的“{time}”读不出确切时间，写法例如 半个工作日内、1小时内、今天内。").format(
                    where=where, time=time
                )
            )


def _warned(warn: str, at: datetime, due: datetime, calendar: Calendar) -> datetime:
    number = int("".join(re.findall(r"\d", warn)))
    if not warn.endswith("%"):
        before = number * (MINUTE if warn.endswith("分钟") else 60 * MINUTE)
        return (due.astimezone(UTC) - before).astimezone(calendar.zone)
    work = _working_time(at, due, calendar)
    if work:
        return calendar.add_working_time(at, work * number / 100)
    span = due.astimezone(UTC) - at.astimezone(UTC)
    return (at.astimezone(UTC) + span * number / 100).astimezone(calendar.zone)


def _working_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of the time between two instants is worked."""
    first, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    days = (first + timedelta(days=more) for more in range((last - first).days + 1))
    worked = (stretch for day in days if calendar.is_working(day) for stretch in calendar.stretches(day))
    start, end = start.astimezone(UTC), end.astimezone(UTC)  # within one zone Python subtracts what the walls show
    return sum(
        (
            max(min(closes.astimezone(UTC), end) - max(opens.astimezone(UTC), start), timedelta())
            for opens, closes in worked
        ),
        timedelta(),
    )
