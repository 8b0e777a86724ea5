"""What checks found over a week, by class: for the agent alone, or of a team without names. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

ENOUGH = 3  # agents; of fewer, one could tell whose mistakes they are
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """This week until now, and the same stretch of last week."""

    since: datetime
    now: datetime

    @property
    def before(self) -> datetime:
        return self.since - WEEK

    @property
    def until(self) -> datetime:
        return self.now - WEEK


@dataclass(frozen=True, kw_only=True)
class RuleCount:
    """How often a rule of a class was touched, this week and by this time last week."""

    rule: str
    kind: str
    times: int
    before: int


@dataclass(frozen=True, kw_only=True)
class ClassCount:
    """`rule` is the one that was touched most."""

    kind: str
    times: int
    before: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """`people` and `people_before` are how many agents they are from."""

    checks: int
    checks_before: int
    classes: Sequence[ClassCount]
    people: int = 1
    people_before: int = 1

    @property
    def enough(self) -> bool:
        return self.people >= ENOUGH

    @property
    def comparable(self) -> bool:
        return self.people_before >= ENOUGH


@dataclass(frozen=True, kw_only=True)
class Overheard:
    """A rule that a text in a quiet group touched; the text itself is not kept."""

    at: datetime
    rule: str
    kind: str


def this_week(now: datetime, zone: tzinfo) -> Stretch:
    """Weeks begin on Monday at midnight of the team's clock."""
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Stretch(since=midnight - timedelta(days=local.weekday()), now=now)


def by_class(rules: Iterable[RuleCount]) -> list[ClassCount]:
    """Rules added up by class, the most frequent of this week first."""
    classes: dict[str, list[RuleCount]] = {}
    for rule in rules:
        classes.setdefault(rule.kind, []).append(rule)
    counts = [
        ClassCount(
            kind=kind,
            times=sum(rule.times for rule in of_class),
            before=sum(rule.before for rule in of_class),
            rule=max(of_class, key=lambda rule: (rule.times, rule.before)).rule,
        )
        for kind, of_class in classes.items()
    ]
    return sorted(counts, key=lambda count: (-count.times, -count.before, count.kind))
