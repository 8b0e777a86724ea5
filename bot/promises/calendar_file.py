"""phrasebook/calendar.yaml → Calendar: the team's hours and the official holidays."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import BookError
from bot.language.speech import _
from bot.promises.workdays import Calendar, Period, SpecialDay

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def read_calendar(data: Mapping[str, Any], *, zone: str | None = None) -> Calendar:
    """The calendar of Book.read("calendar.yaml"); `zone` (HUASHU_TZ) wins over the file's."""
    years: Mapping[str, Mapping[str, Any]] = data.get("years") or {}
    days: dict[date, SpecialDay] = {}
    for year, table in years.items():
        for kind, word in (("rest", "holidays"), ("work", "workdays")):
            named: Mapping[str, list[str]] = table.get(word) or {}
            for name, dates in named.items():
                for written in dates:
                    day = _date(written, f"years.{year}.{word}.{name}")
                    if day in days:
                        raise BookError(_("calendar.yaml：{day} 写了两次，每天只能写一次。").format(day=written))
                    days[day] = SpecialDay("rest" if kind == "rest" else "work", name)
    hours: Mapping[str, list[str]] = data["hours"]
    return Calendar(
        zone=_zone(zone or data["zone"]),
        hours={WEEKDAYS.index(day): _periods(periods, day) for day, periods in hours.items()},
        days=days,
        years=frozenset(int(year) for year in years),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BookError(_("时区“{name}”不存在，写法例如 Asia/Shanghai。").format(name=name)) from None


def _date(written: str, where: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        told = _("calendar.yaml：{where} 里的“{written}”不是日期，写法例如 2026-10-01。")
        raise BookError(told.format(where=where, written=written)) from None


def _periods(written: list[str], day: str) -> tuple[Period, ...]:
    """ "09:00-12:00" and so on, in order and apart."""
    periods: list[Period] = []
    for period in written:
        begin, _dash, end = period.partition("-")
        try:
            opens, closes = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
        except ValueError:
            opens = closes = time.min
        if not opens < closes or (periods and opens < periods[-1][1]):
            told = _("calendar.yaml：hours.{day} 里的“{period}”不对，写法例如 09:00-12:00，先后有序，互不重叠。")
            raise BookError(told.format(day=day, period=period))
        periods.append((opens, closes))
    return tuple(periods)
