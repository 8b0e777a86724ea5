"""phrasebook/calendar.yaml, and what is laid over it: everybody's hours and days, then a team's. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import BookError, Unreadable
from bot.language.speech import _, zone_named
from bot.promises.hours import hours_of, seasons_of
from bot.promises.workdays import OFFICE_HOURS, Calendar, Hours, Season, SpecialDay

Days = Mapping[date, SpecialDay]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What one place says about the calendar; None where it says nothing and what lies under it holds. Hours bring
    their seasons with them: where they are given without, there are none."""

    zone: ZoneInfo | None = None
    hours: Hours | None = None
    seasons: tuple[Season, ...] | None = None
    years: Mapping[int, Days] = field(default_factory=dict)  # official arrangements, each whole
    days: Days = field(default_factory=dict)  # set by hand


@dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """The file as it was read: everybody's layer, and a team's by its name."""

    zone: ZoneInfo
    everybody: Layer
    teams: Mapping[str, Layer]

    def layers(self, team: str | None = None) -> list[Layer]:
        """The lowest first."""
        own = self.teams.get(team) if team else None
        return [self.everybody, *([own] if own else [])]


def laid_over(layers: Iterable[Layer]) -> Calendar:
    """One calendar out of layers, the lowest first. A year's arrangement replaces the one under it as a whole; what
    was set by hand stands above every arrangement."""
    calendar = Calendar(zone=ZoneInfo("Asia/Shanghai"), hours=OFFICE_HOURS)
    years: dict[int, Days] = {}
    by_hand: dict[date, SpecialDay] = {}
    for layer in layers:
        seasons = calendar.seasons if layer.hours is None else ()
        calendar = replace(
            calendar,
            zone=layer.zone or calendar.zone,
            hours=calendar.hours if layer.hours is None else layer.hours,
            seasons=seasons if layer.seasons is None else layer.seasons,
        )
        years |= layer.years
        by_hand |= layer.days
    official = {day: special for _year, days in sorted(years.items()) for day, special in days.items()}
    return replace(calendar, days=official | by_hand, years=frozenset(years))


def read_calendar_file(data: Mapping[str, Any], *, zone: str | None = None) -> CalendarFile:
    """What Book.read("calendar.yaml") holds; `zone` (HUASHU_TZ) wins over the file's. Raises BookError."""
    at = _zone(zone or data["zone"])
    base = Layer(zone=at, hours=_hours(data, "hours"), seasons=_seasons(data, "seasons"), years=_years(data))
    teams: Mapping[str, Mapping[str, Any]] = data.get("teams") or {}
    return CalendarFile(
        zone=at,
        everybody=base,
        teams={
            name: Layer(
                zone=_zone(own["zone"]) if own.get("zone") else None,
                hours=_hours(own, f"teams.{name}.hours") if own.get("hours") else None,
                seasons=_seasons(own, f"teams.{name}.seasons") if "seasons" in own else None,
            )
            for name, own in teams.items()
        },
    )


def read_calendar(data: Mapping[str, Any], *, zone: str | None = None) -> Calendar:
    """The calendar of everybody, as the file alone has it."""
    return laid_over(read_calendar_file(data, zone=zone).layers())


def _years(data: Mapping[str, Any]) -> dict[int, Days]:
    read: dict[int, Days] = {}
    years: Mapping[str, Mapping[str, Any]] = data.get("years") or {}
    for year, table in years.items():
        days: dict[date, SpecialDay] = {}
        for kind, word in (("rest", "holidays"), ("work", "workdays")):
            named: Mapping[str, list[str]] = table.get(word) or {}
            for name, dates in named.items():
                for written in dates:
                    day = _date(written, f"years.{year}.{word}.{name}")
                    if day in days:
                        raise _broken(_("{day} 写了两次，每天只能写一次。").format(day=written))
                    days[day] = SpecialDay("rest" if kind == "rest" else "work", name)
        read[int(year)] = days
    return read


def _date(written: str, where: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        told = _("{where} 里的“{written}”不是日期，写法例如 2026-10-01。")
        raise _broken(told.format(where=where, written=written)) from None


def _hours(data: Mapping[str, Any], where: str) -> Hours:
    try:
        return hours_of(data["hours"])
    except Unreadable as problem:
        raise _broken(_("{where} 里，{problem}").format(where=where, problem=problem.sentence)) from None


def _seasons(data: Mapping[str, Any], where: str) -> tuple[Season, ...]:
    try:
        return seasons_of(data.get("seasons") or {})
    except Unreadable as problem:
        raise _broken(_("{where} 里，{problem}").format(where=where, problem=problem.sentence)) from None


def _broken(what: str) -> BookError:
    return BookError(_("calendar.yaml：{what}").format(what=what))


def _zone(name: str) -> ZoneInfo:
    found = zone_named(name)
    if found is None:
        raise BookError(_("时区“{name}”不存在，写法例如 Asia/Shanghai。").format(name=name))
    return found
