"""Working days and hours: which days are worked, when a day ends, and counting on from an instant (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

Period = tuple[time, time]
"""From, until. An end of 00:00 is the end of the day: 24:00."""
Hours = Mapping[int, tuple[Period, ...]]
"""Working hours by weekday, 0 is Monday; a weekday that is missing or empty is free. HOLIDAY are the statutory holidays."""
HOLIDAY = 7
MIDNIGHT = time()
MORNING_AND_AFTERNOON: tuple[Period, ...] = ((time(9), time(12)), (time(13, 30), time(18)))
OFFICE_HOURS: Hours = dict.fromkeys(range(5), MORNING_AND_AFTERNOON)
NOON = time(12)
SATURDAY = 5
FAR = 400
"""Days looked ahead before giving up; only a calendar without a single working day gets there."""


@dataclass(frozen=True)
class SpecialDay:
    """A day unlike others of its weekday: a holiday, work that makes up for one (调休), or what a person set by hand."""

    kind: Literal["rest", "work"]
    name: str
    hours: tuple[Period, ...] | None = None  # of this day alone; None: the usual ones
    official: bool = True  # by the official arrangement, not by hand
    team: bool = False  # entered for one team alone


@dataclass(frozen=True, kw_only=True)
class Season:
    """Other hours for a part of every year, such as 夏令 from 1 May to 30 September; may reach over the year's end."""

    name: str
    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    hours: Hours

    def covers(self, day: date) -> bool:
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


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
    hours: Hours = field(default_factory=lambda: OFFICE_HOURS)
    seasons: tuple[Season, ...] = ()
    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def has_table(self, year: int) -> bool:
        """Whether the official arrangement of that year is entered."""
        return year in self.years

    def special(self, day: date) -> SpecialDay | None:
        """What the official table says about the day; None when a person set it by hand."""
        found = self.days.get(day)
        return found if found and found.official else None

    def week(self, day: date) -> Hours:
        """The hours of the week in the season of that day."""
        return next((season.hours for season in self.seasons if season.covers(day)), self.hours)

    def is_working(self, day: date) -> bool:
        """A make-up Saturday is worked, a holiday Monday is not, unless the team works on holidays."""
        special = self.days.get(day)
        if special is None:
            return bool(self.week(day).get(day.weekday()))
        return special.kind == "work" or bool(special.official and self.week(day).get(HOLIDAY))

    def periods(self, day: date) -> tuple[Period, ...]:
        """The hours of the day if it were worked. A make-up day at the weekend follows the week's first working day."""
        special, week = self.days.get(day), self.week(day)
        if special and special.hours:
            return special.hours
        if special and special.official and special.kind == "rest" and week.get(HOLIDAY):
            return week[HOLIDAY]
        makes_up = special and special.official and special.kind == "work" and day.weekday() >= SATURDAY
        own = () if makes_up else week.get(day.weekday(), ())
        return own or next((week[weekday] for weekday in range(7) if week.get(weekday)), MORNING_AND_AFTERNOON)

    def at(self, day: date, clock: time) -> datetime:
        """That time of that day in this zone."""
        return datetime.combine(day, clock, self.zone)

    def stretches(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """From when until when is worked on that day; nothing on a day of rest."""
        if not self.is_working(day):
            return ()
        return tuple((self.at(day, opens), self._end(day, closes)) for opens, closes in self.periods(day))

    def _end(self, day: date, clock: time) -> datetime:
        return self.at(day if clock > MIDNIGHT else day + timedelta(days=1), clock)

    def start_of_business(self, day: date) -> datetime:
        """上班."""
        return self.at(day, self.periods(day)[0][0])

    def end_of_morning(self, day: date) -> datetime:
        """上午下班, 午休: when the last period begun before noon ends, at noon at the latest."""
        ends = [end for start, end in self.periods(day) if start < NOON]
        return self.at(day, min(ends[-1], NOON) if ends and ends[-1] > MIDNIGHT else NOON)

    def start_of_afternoon(self, day: date) -> datetime | None:
        """下午上班; None where nobody begins work in the afternoon."""
        starts = [start for start, _ in self.periods(day) if start >= NOON]
        return self.at(day, starts[0]) if starts else None

    def close_of_business(self, day: date) -> datetime:
        """下班, also of a day of rest that somebody named."""
        return self._end(day, self.periods(day)[-1][1])

    def next_working(self, day: date) -> date:
        """The first working day from this one on, itself included (民法典 203: a last day of rest moves on)."""
        return next(self.working_days(day))

    def last_working(self, first: date, last: date) -> date | None:
        """The last working day from `first` to `last`."""
        days = ((last - timedelta(days=back)) for back in range((last - first).days + 1))
        return next((day for day in days if self.is_working(day)), None)

    def add_working_days(self, day: date, n: int) -> date:
        """The nth working day after this one, which is not counted itself (民法典 201). A holiday is none, also where it
        is worked: the customer counts by the official calendar."""
        days = (one for one in self.working_days(day + timedelta(days=1)) if self._is_workday(one))
        for _ in range(n - 1):
            next(days)
        return next(days)

    def _is_workday(self, day: date) -> bool:
        special = self.special(day)
        return self.is_working(day) and not (special and special.kind == "rest")

    def add_working_time(self, start: datetime, span: timedelta) -> datetime:
        """`span` of working hours from `start`, running on through lunch, night, weekend and holiday."""
        return self.spans(start, span)[-1][1]

    def spans(self, start: datetime, span: timedelta) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches of working time, in this zone, that `span` from `start` is made of: the last ends when it is over."""
        at, left = start.astimezone(UTC), span
        walked: list[tuple[datetime, datetime]] = []
        for day in self.working_days(start.astimezone(self.zone).date()):
            for opens, closes in self.stretches(day):
                begin, end = max(at, opens.astimezone(UTC)), closes.astimezone(UTC)
                if begin < end:
                    until = min(begin + left, end)
                    walked.append((begin.astimezone(self.zone), until.astimezone(self.zone)))
                    left -= until - begin
                    if not left:
                        return tuple(walked)
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

    def full_day(self, day: date) -> timedelta:
        """Working hours of that day, of the next working day when it is a day of rest."""
        worked = self.next_working(day)
        return sum((closes - opens for opens, closes in self.stretches(worked)), timedelta())

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
        for day in sorted(day for day, special in self.days.items() if special.kind == "rest" and special.official):
            if found and day <= found[-1].last:
                continue
            first = last = day
            while not self._is_workday(first - timedelta(days=1)) and (day - first).days < FAR:
                first -= timedelta(days=1)
            while not self._is_workday(last + timedelta(days=1)) and (last - day).days < FAR:
                last += timedelta(days=1)
            days = (first + timedelta(days=i) for i in range((last - first).days + 1))
            names = dict.fromkeys(special.name for d in days if (special := self.special(d)))
            found.append(Break(first=first, last=last, names=tuple(names)))
        return tuple(found)
