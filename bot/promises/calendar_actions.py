"""Changes of a calendar: a day, the hours, a year's arrangement, for one team or for EVERYBODY.

Each is one verb in the caller's transaction and leaves an event behind with what was there before. `by` None is the
command line. Promises that were made keep their instants.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from bot.errors import NotAllowed, Unreadable
from bot.language.speech import _, zone_named
from bot.promises.calendar_import import YEARS, Imported
from bot.promises.calendars import EVERYBODY
from bot.promises.hours import data_of_hours, data_of_periods, data_of_seasons
from bot.promises.workdays import Hours, Period, Season
from bot.shared.database import Row, Statements, Transaction, stored
from bot.shared.text import clean, cut
from bot.teams.person import OWNER, Person

Q = Statements(__file__)
NAME_MOST = 20  # characters


def may_change(person: Person, team_id: int) -> bool:
    """Owners change every calendar, other leads their own team's."""
    return person.role == OWNER or (person.leads and person.team_id == team_id)


async def set_day(
    tx: Transaction,
    *,
    team_id: int,
    day: date,
    kind: Literal["rest", "work"],
    name: str = "",
    hours: Sequence[Period] | None = None,
    by: Person | None,
    now: datetime,
) -> None:
    """A day is worked or free from now on, whatever the arrangement says. `hours` of that day alone; None: the usual.

    Raises NotAllowed, or Unreadable when the day is out of reach.
    """
    _allowed(by, team_id)
    if day.year not in YEARS:
        raise Unreadable(_("日期要在 {first} 年到 {last} 年之间。").format(first=YEARS[0], last=YEARS[-1]))
    old = await Q.calendar_day(tx, team_id=team_id, day=day.isoformat())
    await Q.set_calendar_day(
        tx, team_id=team_id, year=0, day=day.isoformat(), kind=kind, name=cut(clean(name), NAME_MOST),
        hours=json.dumps(data_of_periods(hours)) if hours and kind == "work" else "", who=by.id if by else None,
        now=stored(now),
    )  # fmt: skip
    new = await Q.calendar_day(tx, team_id=team_id, day=day.isoformat())
    await _note(tx, "day", by, now, team=team_id, day=day.isoformat(), old=_day(old), new=_day(new))


async def clear_day(tx: Transaction, *, team_id: int, day: date, by: Person | None, now: datetime) -> bool:
    """As the arrangement and the hours of the week have it again. False when nothing was set. Raises NotAllowed."""
    _allowed(by, team_id)
    old = await Q.calendar_day(tx, team_id=team_id, day=day.isoformat())
    if old is None:
        return False
    await Q.clear_calendar_day(tx, team_id=team_id, day=day.isoformat())
    await _note(tx, "day", by, now, team=team_id, day=day.isoformat(), old=_day(old), new=None)
    return True


async def set_hours(
    tx: Transaction,
    *,
    team_id: int,
    zone: str | None = None,
    hours: Hours | None = None,
    seasons: Sequence[Season] | None = None,
    by: Person | None,
    now: datetime,
) -> None:
    """None keeps what is there; no seasons at all is (). Raises NotAllowed, or Unreadable when the zone is none."""
    _allowed(by, team_id)
    if zone is not None and zone_named(zone) is None:
        raise Unreadable(_("时区“{name}”不存在，写法例如 Asia/Shanghai。").format(name=zone))
    old = await Q.hours_of_team(tx, team_id=team_id)
    kept = _hours(old) or {"zone": "", "hours": "", "seasons": ""}
    new = {
        "zone": kept["zone"] if zone is None else zone,
        "hours": kept["hours"] if hours is None else _json(data_of_hours(hours)),
        "seasons": kept["seasons"] if seasons is None else _json(data_of_seasons(seasons)),
    }
    await Q.set_team_hours(tx, team_id=team_id, **new, who=by.id if by else None, now=stored(now))
    await _note(tx, "hours", by, now, team=team_id, old=_hours(old), new=new)


async def clear_hours(tx: Transaction, *, team_id: int, by: Person | None, now: datetime) -> bool:
    """The zone and hours under it hold again. False when nothing was set. Raises NotAllowed."""
    _allowed(by, team_id)
    old = await Q.hours_of_team(tx, team_id=team_id)
    if old is None:
        return False
    await Q.clear_team_hours(tx, team_id=team_id)
    await _note(tx, "hours", by, now, team=team_id, old=_hours(old), new=None)
    return True


async def import_days(tx: Transaction, imported: Imported, *, team_id: int, by: Person | None, now: datetime) -> int:
    """Each year's arrangement replaces the one that was there as a whole; how many days there are now.

    Raises NotAllowed, or Unreadable when the file has problems: all or nothing.
    """
    _allowed(by, team_id)
    if imported.problems:
        raise Unreadable("\n".join(imported.problems))
    for year, days in imported.years.items():
        old = [_day(row) for row in await Q.calendar_year(tx, team_id=team_id, year=year)]
        await Q.clear_calendar_year(tx, team_id=team_id, year=year)
        for day, special in sorted(days.items()):
            await Q.set_calendar_day(
                tx, team_id=team_id, year=year, day=day.isoformat(), kind=special.kind, name=special.name, hours="",
                who=by.id if by else None, now=stored(now),
            )  # fmt: skip
        await _note(tx, "imported", by, now, team=team_id, year=year, old=old, new=len(days))
    return sum(len(days) for days in imported.years.values())


def _allowed(by: Person | None, team_id: int) -> None:
    if by is None or may_change(by, team_id):
        return
    if by.leads and team_id == EVERYBODY:
        raise NotAllowed(_("全部团队的日历由机主来改。要调整请找机主。"))
    raise NotAllowed(_("日历由主管来改。要调整请找主管。"))


def _day(row: Row | None) -> dict[str, Any] | None:
    return {key: row[key] for key in ("day", "kind", "name", "hours")} if row else None


def _hours(row: Row | None) -> dict[str, str] | None:
    return {key: row[key] for key in ("zone", "hours", "seasons")} if row else None


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)


async def _note(tx: Transaction, kind: str, by: Person | None, now: datetime, **detail: object) -> None:
    await Q.note(
        tx, at=stored(now), subject="calendar", who=by.id if by else None, kind=kind, detail=_json(detail)
    )  # fmt: skip
