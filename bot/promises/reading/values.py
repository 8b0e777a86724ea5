"""The values that reading a time passes along: a word, what it means, and what the words of a mention come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, Literal

from bot.language.speech import _
from bot.promises.moments import say_date, say_weekday
from bot.promises.workdays import Calendar

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Moment:
    """When something is read (in the calendar's zone), and by which calendar."""

    now: datetime
    calendar: Calendar

    @property
    def today(self) -> date:
        return self.now.date()

    def over(self, instant: datetime) -> bool:
        """Compared as instants: within one zone Python compares what the wall clock shows, summer time or not."""
        return instant.astimezone(UTC) <= self.now.astimezone(UTC)

    def noon_of(self, day: date) -> datetime:
        return self.calendar.at(day, time(12))

    def midnight_after(self, day: date) -> datetime:
        return self.calendar.at(day + DAY, time())

    def close(self, day: date) -> datetime:
        return self.calendar.close_of_business(day)


# What a mention comes to


@dataclass(frozen=True)
class Due:
    """An instant; `how` says the convention that was applied, `steps` how it was counted, a short line a step."""

    at: datetime
    how: str = ""
    notes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    tables: bool = True  # whether holidays could have changed it


@dataclass(frozen=True)
class Ask:
    """Not sure: the sentence says what about; {text} is the wording in question.

    `choices` are the instants it may mean; `instead` are values for the same word, each of which would be clear;
    `soft` is the vague word: 尽快.
    """

    sentence: str
    choices: tuple[datetime, ...] = ()
    instead: tuple[Any, ...] = ()
    soft: str | None = None


@dataclass(frozen=True)
class Error:
    """Impossible, or over by now."""

    sentence: str
    over: bool = False


@dataclass(frozen=True)
class Over:
    """A time that is past and says so itself: 昨天, 三天前 (`within` is what the latter would be as 三天内)."""

    within: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Every:
    """每天, 每周五: a habit, not a promise (13)."""


Value = Due | Ask | Error | Over | Every


# What a word means


@dataclass(frozen=True)
class Token:
    """A time word in the line; `kind` is the letter that phrases.PHRASES are written with."""

    kind: str
    start: int
    end: int
    value: Any = None
    text: str = ""


@dataclass(frozen=True)
class Named:
    """A day somebody named. `loose` may as well be past (周三来过)."""

    day: date
    loose: bool = True
    how: str = ""
    steps: tuple[str, ...] = ()
    weekday: bool = False  # only a weekday: beside a date it must agree with it
    leans: bool = False  # 次日: today's next day, unless some other day was spoken of
    unsure: Ask | None = None


@dataclass(frozen=True)
class Clock:
    """A time of day as written; `padded` is 03:00, which nobody writes for the afternoon."""

    hour: int
    minute: int = 0
    second: int = 0
    padded: bool = False
    part: str | None = None  # from am and pm


@dataclass(frozen=True)
class Count:
    """A number of days or months."""

    n: Fraction
    unit: Literal["day", "month"]
    how: str = ""  # 2周 = 14 天


@dataclass(frozen=True)
class Frame:
    """A week or month as a whole; `ahead` is how many on from this one."""

    first: date
    last: date
    ahead: int


# Saying them


def say_day(day: date) -> str:
    """6月12日（周五）."""
    return _("{date}（{weekday}）").format(date=say_date(day), weekday=say_weekday(day))


def say_length(span: timedelta) -> str:
    """3 小时 45 分, 7 小时 30 分, 40 分钟, 90 秒."""
    if span % timedelta(minutes=1):
        return _("{seconds} 秒").format(seconds=span // timedelta(seconds=1))
    hours, minutes = divmod(span // timedelta(minutes=1), 60)
    if hours:
        return (_("{hours} 小时 {minutes} 分") if minutes else _("{hours} 小时")).format(hours=hours, minutes=minutes)
    return _("{minutes} 分钟").format(minutes=minutes)


def say_at(instant: datetime) -> str:
    """6月12日（周五）11:30; midnight belongs to the day it ends."""
    if instant.time() == time():
        return say_day(instant.date() - DAY) + "24:00"
    return say_day(instant.date()) + f"{instant:%H:%M}"


def say_hour(instant: datetime) -> str:
    """18:00; midnight as 24:00."""
    return f"{instant:%H:%M}" if instant.time() != time() else "24:00"


def flags(day: date, calendar: Calendar) -> tuple[str, ...]:
    """What to look at twice about a day: a holiday, a make-up day, a day of rest (6)."""
    special = calendar.special(day)
    if special and special.kind == "rest":
        return (_("{day}是{name}假期").format(day=say_day(day), name=special.name),)
    if special:
        return (_("{day}是{name}调休，上班").format(day=say_day(day), name=special.name),)
    return () if calendar.is_working(day) else (_("{day}是休息日").format(day=say_day(day)),)


def kinds_of(tokens: Sequence[Token]) -> str:
    return "".join(token.kind for token in tokens)
