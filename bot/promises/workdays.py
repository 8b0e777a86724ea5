"""Working days and hours: which days are worked, when a day ends, and counting on from an instant (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

Period = tuple[time, time]
MORNING_AND_AFTERNOON: tuple[Period, ...] = ((time(9), time(12)), (time(13, 30), time(18)))
OFFICE_HOURS: Mapping[int, tuple[Period, ...]] = dict.fromkeys(range(5), MORNING_AND_AFTERNOON)
NOON = time(12)
FAR = 400
"""Days looked ahead before giving up; only a calendar without a single working day gets there."""


@dataclass(frozen=True)
class SpecialDay:
    """A day the official table speaks about: rest on a holiday, or work that makes up for one (调休)."""

    kind: Literal["rest", "work"]
    name: str


@dataclass(frozen=True, kw_only=True)
class Break:
    """Days off in a row around a holiday, the weekends that touch it included."""

    first: date
    last: date
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When a team works. Years without an official table are counted by weekends alone: ask `has_table`."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[Period, ...]] = field(default_factory=lambda: OFFICE_HOURS)  # 0 is Monday
    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def has_table(self, year: int) -> bool:
        """Whether the official arrangement of that year is entered."""
        return year in self.years

    def special(self, day: date) -> SpecialDay | None:
        """What the official table says about the day."""
        return self.days.get(day)

    def is_working(self, day: date) -> bool:
        """A make-up Saturday is worked, a holiday Monday is not."""
        special = self.days.get(day)
        return special.kind == "work" if special else bool(self.hours.get(day.weekday()))

    def periods(self, day: date) -> tuple[Period, ...]:
        """The hours of the day if it were worked; a make-up day follows the week's first working day."""
        own = self.hours.get(day.weekday())
        return own or next((periods for periods in self.hours.values() if periods), MORNING_AND_AFTERNOON)

    def at(self, day: date, clock: time) -> datetime:
        """That time of that day in this zone."""
        return datetime.combine(day, clock, self.zone)

    def start_of_business(self, day: date) -> datetime:
        """上班."""
        return self.at(day, self.periods(day)[0][0])

    def end_of_morning(self, day: date) -> datetime:
        """上午下班, 午休: when the last period begun before noon ends, at noon at the latest."""
        ends = [end for start, end in self.periods(day) if start < NOON]
        return self.at(day, min(max(ends), NOON) if ends else NOON)

    def start_of_afternoon(self, day: date) -> datetime | None:
        """下午上班; None where nobody begins work in the afternoon."""
        starts = [start for start, _ in self.periods(day) if start >= NOON]
        return self.at(day, starts[0]) if starts else None

    def close_of_business(self, day: date) -> datetime:
        """下班, also of a day of rest that somebody named."""
        return self.at(day, self.periods(day)[-1][1])

    def next_working(self, day: date) -> date:
        """The first working day from this one on, itself included (民法典 203: a last day of rest moves on)."""
        return next(self.working_days(day))

    def last_working(self, first: date, last: date) -> date | None:
        """The last working day from `first` to `last`."""
        days = ((last - timedelta(days=back)) for back in range((last - first).days + 1))
        return next((day for day in days if self.is_working(day)), None)

    def add_working_days(self, day: date, n: int) -> date:
        """The nth working day after this one, which is not counted itself (民法典 201)."""
        days = self.working_days(day + timedelta(days=1))
        for _ in range(n - 1):
            next(days)
        return next(days)

    def add_working_time(self, start: datetime, span: timedelta) -> datetime:
        """`span` of working hours from `start`, running on through lunch, night, weekend and holiday."""
        at, left = start.astimezone(UTC), span
        for day in self.working_days(start.astimezone(self.zone).date()):
            for begin, end in self.periods(day):
                opens, closes = self.at(day, begin).astimezone(UTC), self.at(day, end).astimezone(UTC)
                at = max(at, opens)
                if at < closes:
                    if at + left <= closes:
                        return (at + left).astimezone(self.zone)
                    left -= closes - at
                    at = closes
        raise AssertionError("working days never end")

    def working_days(self, day: date) -> Iterator[date]:
        """Working days from this one on, without end."""
        idle = 0
        while True:
            if self.is_working(day):
                yield day
                idle = 0
            elif (idle := idle + 1) > FAR:
                raise ValueError(
                    f"没有工作日：{day - timedelta(days=FAR)} 起 {FAR} 天内全是休息日，请检查日历的工作时间"
                )
            day += timedelta(days=1)

    def full_day(self) -> timedelta:
        """Working hours of an ordinary day."""
        anchor = date(2024, 1, 1)  # a Monday
        periods = self.periods(anchor)
        return sum(
            (datetime.combine(anchor, end) - datetime.combine(anchor, start) for start, end in periods), timedelta()
        )

    def next_break(self, day: date, name: str | None = None) -> Break | None:
        """The break (of that holiday) that `day` lies in or that comes next; None when no table knows it."""
        return next(
            (b for b in self.breaks if b.last >= day and (name is None or any(name in known for known in b.names))),
            None,
        )

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """Every holiday break of the official tables, in order."""
        found: list[Break] = []
        for day in sorted(day for day, special in self.days.items() if special.kind == "rest"):
            if found and day <= found[-1].last:
                continue
            first = last = day
            while not self.is_working(first - timedelta(days=1)) and (day - first).days < FAR:
                first -= timedelta(days=1)
            while not self.is_working(last + timedelta(days=1)) and (last - day).days < FAR:
                last += timedelta(days=1)
            days = (first + timedelta(days=i) for i in range((last - first).days + 1))
            names = dict.fromkeys(special.name for d in days if (special := self.days.get(d)))
            found.append(Break(first=first, last=last, names=tuple(names)))
        return tuple(found)
