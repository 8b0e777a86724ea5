"""Picking a time by buttons: a month, the times of a day, any hour of it. What is shown is in the presses alone. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.errors import Unreadable
from bot.language.speech import _
from bot.promises.moments import elsewhere
from bot.promises.reading.values import flags, say_day
from bot.promises.workdays import Calendar
from bot.shared.message import Button, Message, Rows, press

INERT = "k.none"  # what a button that only says something comes back as
BLANK = "–"  # Telegram refuses a button without a word
STEPS = ("cal", "day", "hrs", "min")
"""The pages: a month (its button carries 202606; none is this month), the working hours of a day (20260615), all its
hours (20260615), the quarters of an hour (2026061509)."""
MONTHS_AHEAD = 12
MANY_TIMES = 20  # more half hours than this are shown as hours
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Verbs:
    """Where presses go: a verb is `room`.step, and `args` stand before what was picked.

    Besides STEPS: at (an instant, in minutes since 1970) and keep (上一步 from the first page).
    """

    room: str
    args: tuple[object, ...] = ()

    def press(self, label: str, step: str, *more: object) -> Button:
        return press(label, f"{self.room}.{step}", *self.args, *more)

    def at(self, label: str, at: datetime) -> Button:
        return self.press(label, "at", minutes(at))

    @property
    def pages(self) -> tuple[str, ...]:
        """The verbs of presses that turn a page."""
        return tuple(f"{self.room}.{step}" for step in STEPS)


def minutes(at: datetime) -> int:
    """An instant as a button carries it: minutes since 1970."""
    return int(at.timestamp() // 60)


def page(verb: str, number: int, *, verbs: Verbs, now: datetime, calendar: Calendar) -> Message:
    """The page that a press on the keyboard turns to. Raises Unreadable for a day or an hour that is over."""
    today = now.astimezone(calendar.zone).date()
    step = verb.removeprefix(f"{verbs.room}.")
    if step == "cal":
        return _month_page(_month_of(number, today), verbs=verbs, today=today, calendar=calendar)
    day = _date_of(number // 100 if step == "min" else number)
    if not today <= day <= _last_day(today):
        raise Unreadable(_("{day}不能选，请另选一天。").format(day=say_day(day)))
    if step == "min":
        return _quarters_page(day, number % 100, verbs=verbs, now=now, calendar=calendar)
    if step == "day" and (times := _working_times(day, now=now, calendar=calendar)):
        return _times_page(day, times, verbs=verbs, calendar=calendar)
    return _hours_page(day, verbs=verbs, now=now, calendar=calendar)


def month_rows(month: date, *, verbs: Verbs, calendar: Calendar, since: date, until: date) -> Rows:
    """A month as buttons: its name between ‹ and ›, the weekdays, the days. Before `since` and after `until`: blank."""
    first = month.replace(day=1)
    after = _month_on(first, 1)
    turns = (
        verbs.press("‹", "cal", f"{first - timedelta(days=1):%Y%m}") if since < first else _inert(),
        _inert(_("{year}年{month}月").format(year=first.year, month=first.month)),
        verbs.press("›", "cal", f"{after:%Y%m}") if after <= until else _inert(),
    )
    weekdays = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
    days = [first + timedelta(days=i) for i in range((after - first).days)]
    cells = [_inert() for _blank in range(first.weekday())]
    cells += [
        verbs.press(f"{day.day}{mark(day, calendar)}", "day", f"{day:%Y%m%d}") if since <= day <= until else _inert()
        for day in days
    ]
    cells += [_inert() for _blank in range(-len(cells) % 7)]
    weeks = [week for week in _rows(cells, 7) if any(button.text != BLANK for button in week)]
    return (turns, tuple(_inert(name) for name in weekdays), *weeks)


def mark(day: date, calendar: Calendar) -> str:
    """What stands at a day of the month: 休 a day off by the table, 班 a make-up day, ˙ an ordinary day of rest."""
    special = calendar.days.get(day)
    if special:
        return _("休") if special.kind == "rest" else _("班")
    return "" if calendar.is_working(day) else "˙"


def no_table(year: int, calendar: Calendar) -> tuple[str, ...]:
    """Said wherever a day of a year without an official table is touched."""
    return () if calendar.has_table(year) else (_("{year}年放假安排未录入，按周末推算").format(year=year),)


# The pages


def _month_page(month: date, *, verbs: Verbs, today: date, calendar: Calendar) -> Message:
    until = _last_day(today)
    rows = month_rows(month, verbs=verbs, calendar=calendar, since=today, until=until)
    marks = {button.text[-1] for row in rows[2:] for button in row}
    meanings = {"˙": _("˙ 休息日"), _("休"): _("休 放假"), _("班"): _("班 调休上班")}
    legend = " · ".join(meaning for sign, meaning in meanings.items() if sign in marks)
    lines = (_("选哪一天？"), legend, *no_table(month.year, calendar), *_whose_clock(today, calendar))
    return Message(text="\n".join(filter(None, lines)), buttons=(*rows, (verbs.press(_("上一步"), "keep"),)))


def _times_page(day: date, times: Sequence[tuple[str, datetime]], *, verbs: Verbs, calendar: Calendar) -> Message:
    *others, (closing, close) = times
    last = (
        verbs.at(_("下班 {clock}").format(clock=closing), close),
        verbs.press(_("其他钟点"), "hrs", f"{day:%Y%m%d}"),
        verbs.press(_("上一步"), "cal", f"{day:%Y%m}"),
    )
    return Message(text=_asked(day, calendar), buttons=(*_rows([verbs.at(*one) for one in others], 4), last))


def _hours_page(day: date, *, verbs: Verbs, now: datetime, calendar: Calendar) -> Message:
    hours = [
        verbs.press(_("{hour}点").format(hour=hour), "min", f"{day:%Y%m%d}{hour:02}")
        for hour in range(24)
        if _ahead(day, _quarters(hour), now=now, calendar=calendar)
    ]
    back = (
        verbs.press(_("上一步"), "day", f"{day:%Y%m%d}")
        if _working_times(day, now=now, calendar=calendar)
        else verbs.press(_("上一步"), "cal", f"{day:%Y%m}")
    )
    return Message(text=_asked(day, calendar), buttons=(*_rows(hours, 6), (back,)))


def _quarters_page(day: date, hour: int, *, verbs: Verbs, now: datetime, calendar: Calendar) -> Message:
    times = _ahead(day, _quarters(hour), now=now, calendar=calendar) if hour < 24 else []
    if not times:
        raise Unreadable(_("这个时间已经过了，请另选一个。"))
    back = verbs.press(_("上一步"), "hrs", f"{day:%Y%m%d}")
    return Message(text=_asked(day, calendar), buttons=(tuple(verbs.at(*one) for one in times), (back,)))


def _asked(day: date, calendar: Calendar) -> str:
    noted = flags(day, calendar)  # names the day too
    asked = _("几点？") if noted else _("{day}几点？").format(day=say_day(day))
    return "\n".join((*noted, *no_table(day.year, calendar), asked, *_whose_clock(day, calendar)))


def _whose_clock(day: date, calendar: Calendar) -> tuple[str, ...]:
    """Said to a reader in another zone, since all times to choose from are the team's."""
    return (_("这里的时间都是团队时间。"),) if elsewhere(calendar.start_of_business(day), calendar.zone) else ()


# The times of a day


def _working_times(day: date, *, now: datetime, calendar: Calendar) -> list[tuple[str, datetime]]:
    """The half hours of the day's working time that are still to come, the last is when work ends.

    Midnight is never offered as a beginning: it is said as 24:00 of the day before.
    """
    periods = [(_minute(opens), _minute(closes) or DAY_MINUTES) for opens, closes in calendar.periods(day)]
    for step in (30, 60):
        times = sorted({minute for opens, closes in periods for minute in (*range(opens, closes, step), closes)} - {0})
        if len(times) <= MANY_TIMES:
            break
    return _ahead(day, times, now=now, calendar=calendar)


def _quarters(hour: int) -> list[int]:
    times = [hour * 60 + quarter for quarter in (0, 15, 30, 45)]
    return times[1:] if hour == 0 else [*times, DAY_MINUTES] if hour == 23 else times


def _ahead(day: date, times: Iterable[int], *, now: datetime, calendar: Calendar) -> list[tuple[str, datetime]]:
    """Minutes of a day as (label, instant): those still to come, without the hour that summer time leaves out."""
    found = []
    for minute in times:
        wall = calendar.at(day + timedelta(days=minute // DAY_MINUTES), time(minute % DAY_MINUTES // 60, minute % 60))
        at = wall.astimezone(UTC)
        if at > now and at.astimezone(calendar.zone).time() == wall.time():
            found.append((f"{minute // 60:02}:{minute % 60:02}", at))
    return found


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


# Numbers of presses, also forged ones


def _month_of(number: int, today: date) -> date:
    """The month of that number, this month at the earliest and a year on at the latest."""
    this = today.replace(day=1)
    year, month = divmod(number, 100)
    if not (1 <= month <= 12 and this.year <= year <= this.year + MONTHS_AHEAD // 12):
        return this
    return min(max(date(year, month, 1), this), _month_on(this, MONTHS_AHEAD))


def _date_of(number: int) -> date:
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except (ValueError, OverflowError):
        raise Unreadable(_("这个按钮已经不能用了，请另选一个时间。")) from None


def _last_day(today: date) -> date:
    return _month_on(today.replace(day=1), MONTHS_AHEAD + 1) - timedelta(days=1)


def _month_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _inert(label: str = BLANK) -> Button:
    return press(label, INERT)


def _rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))
